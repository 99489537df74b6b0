import type { z } from 'zod';
import type { Editor } from '../domain/editor.ts';
import { Refusal } from '../domain/refusal.ts';

/** Something that the protocol can be asked to do. */
export type Action = (params: unknown, editor: Editor) => Promise<unknown>;

/** Throws a Refusal (403) where somebody may not do what is asked. */
export type Permit<Params> = (editor: Editor, params: Params) => Promise<void> | void;

/** One action: its parameters are checked, then whether it is permitted, before it runs. */
export function action<Params>(
  schema: z.ZodType<Params>,
  permit: Permit<Params>,
  run: (params: Params, editor: Editor) => Promise<unknown>,
): Action {
  return async (params, editor) => {
    const parsed = schema.safeParse(params);
    if (!parsed.success) throw new Refusal(422, '编辑台收到的请求不完整，没有处理。请刷新页面再试。');
    await permit(editor, parsed.data);
    return run(parsed.data, editor);
  };
}
