import type { z } from 'zod';
import { authorise, requireDeclared, type AccessRule, type Condition } from '../authorisation/access-rule.ts';
import type { Permissions } from '../authorisation/permissions.ts';
import type { Editor } from '../domain/editor.ts';
import { Refusal } from '../domain/refusal.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The actions that a route performs, by name. */
    actions?: ReadonlyMap<string, Action>;
  }
}

/** What authorisation returns to an action. */
export interface Granted<Subject> {
  /** Who asks, with the role and unit of the moment of the check. */
  editor: Editor;
  /** What the condition of the access rule has loaded and checked. */
  subject: Subject;
}

/** An authorised call of an action. */
export interface ActionCall<Subject> extends Granted<Subject> {
  /**
   * Authorises again, after a long wait: meanwhile the account may have been disabled or changed.
   * @throws Refusal 401 or 403
   */
  stillAllowed(): Promise<Granted<Subject>>;
}

interface Definition<Params, Subject> {
  params: z.ZodType<Params>;
  access: AccessRule<Params, Subject>;
  run(params: Params, call: ActionCall<Subject>): Promise<unknown>;
}

interface ConditionalDefinition<Params, Subject> extends Definition<Params, Subject> {
  access: AccessRule<Params, Subject> & { condition: Condition<Params, Subject> };
}

/** An action of the protocol. */
export interface Action {
  /** Who may perform it. */
  readonly access: AccessRule<never, unknown>;
  /**
   * Checks the parameters, authorises, and runs.
   * @param asker returns who asks, at each call with the role and unit of that moment.
   * @throws Refusal 422 for wrong parameters, 401 or 403 if the person may not, or what the action itself refuses.
   */
  perform(params: unknown, permissions: Permissions, asker: () => Editor): Promise<unknown>;
}

/** Defines an action: what it takes, who may perform it, what it does. */
export function action<Params>(definition: Definition<Params, undefined>): Action;
export function action<Params, Subject>(definition: ConditionalDefinition<Params, Subject>): Action;
export function action<Params, Subject>({
  params: schema,
  access,
  run,
}: Definition<Params, Subject | undefined>): Action {
  return {
    access,
    async perform(params, permissions, asker) {
      const parsed = schema.safeParse(params);
      if (!parsed.success) throw new Refusal(422, '编辑台收到的请求不完整，没有处理。请刷新页面再试。');
      const stillAllowed = async (): Promise<Granted<Subject | undefined>> => {
        const asked = asker();
        const subject = await authorise(permissions, access, asked, parsed.data);
        // A condition may wait for its turn to read a text: the role of the moment after that counts.
        const editor = asker();
        return editor.role === asked.role && editor.unit === asked.unit ? { editor, subject } : stillAllowed();
      };
      return run(parsed.data, { ...(await stillAllowed()), stillAllowed });
    },
  };
}

/** Returns actions by name. @throws Error if an action does not declare who may perform it. */
export function actionRegistry(actions: Readonly<Record<string, Action>>): ReadonlyMap<string, Action> {
  for (const [name, { access }] of Object.entries(actions)) requireDeclared(access, `The action ${name}`);
  return new Map(Object.entries(actions));
}
