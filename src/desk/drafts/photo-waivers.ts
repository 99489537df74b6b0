import { z } from 'zod';
import { photo } from '../../model/fields/photo.ts';
import { Refusal } from '../domain/refusal.ts';
import { hasRole } from '../../model/roles.ts';
import type { Editor } from '../domain/editor.ts';

/** Who writes; reviewers may waive an error of a photo. */
export type Writer = Pick<Editor, 'name' | 'login' | 'role' | 'unit'>;

const exemption = photo.shape.exemption.unwrap();
type Exemption = z.output<typeof exemption>;

const written = z.object({ reason: z.string().trim().min(1) });
const standing = exemption.optional().catch(undefined);

/**
 * The exemption that a photo has after a save. A reviewer gives and takes one, in his or her own name; everybody else
 * leaves it as it stood. Throws a Refusal (403) where somebody else gives one, (422) where its reason is too long.
 */
export function applyWaivers(sent: unknown, stood: unknown, writer: Writer): Exemption | undefined {
  const before = standing.parse(stood);
  const asked = written.safeParse(sent);
  if (asked.success && asked.data.reason === before?.reason) return before;
  if (!hasRole(writer, 'reviewer')) {
    if (asked.success) throw new Refusal(403, '照片豁免只能由审核人填写，没有保存。请去掉它，或请审核人处理。');
    return before;
  }
  if (!asked.success) return undefined;
  const given = exemption.safeParse({ reason: asked.data.reason, by: writer.name });
  if (!given.success) throw new Refusal(422, `豁免理由不合要求，没有保存：${given.error.issues[0]?.message ?? ''}。`);
  return given.data;
}
