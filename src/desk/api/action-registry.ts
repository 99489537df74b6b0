import type { z } from 'zod';
import { authorise, requireDeclared, type AccessRule, type Condition } from '../authorisation/access-rule.ts';
import type { Permissions } from '../authorisation/permissions.ts';
import type { Editor } from '../domain/editor.ts';
import { Refusal } from '../domain/refusal.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The actions that a route can run, by the names that requests use. Only the route `POST /api/v1` has actions. */
    actions?: ReadonlyMap<string, Action>;
  }
}

/** The result of authorising a call of an action. */
interface Granted<Subject> {
  /** The person who sent the request, with the role and unit at the time of the check. */
  editor: Editor;
  /** The value that the condition of the access rule has loaded and checked; undefined if the rule has no condition. */
  subject: Subject;
}

/** An authorised call of an action. */
export interface ActionCall<Subject> extends Granted<Subject> {
  /**
   * Authorises the request again and resolves to the new result. To be called after a long wait, because the account
   * may have been disabled or changed meanwhile.
   * @throws Refusal 401 or 403 if the person may no longer run the action, and what the condition throws.
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

/** An action of the protocol between the editor and the desk (`POST /api/v1`). */
export interface Action {
  /** The rule that says who may run the action, and on which entries. */
  readonly access: AccessRule<never, unknown>;
  /**
   * Checks the parameters, authorises the person and runs the action. Resolves to the result, which is sent as JSON.
   * @param asker returns the person who sent the request. Each call returns the role and unit that the person has at
   * that moment.
   * @throws Refusal 422 if the parameters are wrong, 401 or 403 if the person may not run the action, and what the
   * action throws.
   */
  perform(params: unknown, permissions: Permissions, asker: () => Editor): Promise<unknown>;
}

/** Returns an action with a schema of its parameters, an access rule, and the function that does its work. */
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
        // A condition may wait minutes until a thread parses a text. So the role and unit after the condition are what
        // counts.
        const editor = asker();
        return editor.role === asked.role && editor.unit === asked.unit ? { editor, subject } : stillAllowed();
      };
      return run(parsed.data, { ...(await stillAllowed()), stillAllowed });
    },
  };
}

/**
 * Returns the actions as a map by name.
 * @throws Error if an action has no access rule.
 */
export function actionRegistry(actions: Readonly<Record<string, Action>>): ReadonlyMap<string, Action> {
  for (const [name, { access }] of Object.entries(actions)) requireDeclared(access, `The action ${name}`);
  return new Map(Object.entries(actions));
}
