import { z } from 'zod';
import { refusedFaults } from '../backend/refused-faults.ts';
import type { Reducer } from './reducer.ts';

/**
 * The notifications of failure that list faults. The map's key is Decap's key for a notification of success; its value
 * is Decap's key for the notification of failure that then becomes obsolete.
 */
const FAILURES = new Map([
  ['ui.toast.entryUpdated', 'ui.toast.onFailToUpdateStatus'],
  ['ui.toast.entryPublished', 'ui.toast.onFailToPublishEntry'],
]);
const LASTING = [...FAILURES.values()];

const typed = z.object({ type: z.string() });
const sent = z.looseObject({ payload: z.looseObject({ message: z.looseObject({ key: z.string() }) }) });
const withNotifications = z.looseObject({ notifications: z.looseObject({ notifications: z.array(z.unknown()) }) });
const keyed = z.object({ message: z.object({ key: z.string() }) });

/** Returns Decap's state without the notifications that have one of these keys. */
function without(state: unknown, keys: readonly string[]): unknown {
  const { data } = withNotifications.safeParse(state);
  if (!data) return state;
  const { notifications } = data.notifications;
  const left = notifications.filter((one) => !keys.includes(keyed.safeParse(one).data?.message.key ?? ''));
  if (left.length === notifications.length) return state;
  return { ...data, notifications: { ...data.notifications, notifications: left } };
}

/**
 * Returns a reducer that works like Decap's reducer, with one difference. Decap hides every notification after 8 s.
 * This reducer keeps the two notifications that list faults to mend until the editor closes them: a status was not
 * changed, or an entry was not published. Such a notification is also removed when the same action succeeds or fails
 * again, and when the editor leaves the entry. If the form of the entry lists the faults (refused-faults.ts), there is
 * no notification.
 */
export function keepFaultNotifications(reduce: Reducer): Reducer {
  return (state, action) => {
    const { type } = typed.parse(action);
    if (type === 'DRAFT_DISCARD') return reduce(without(state, LASTING), action);
    const { data } = type === 'NOTIFICATION_SEND' ? sent.safeParse(action) : {};
    if (!data) return reduce(state, action);
    const { key } = data.payload.message;
    const failure = FAILURES.get(key) ?? key;
    if (!LASTING.includes(failure)) return reduce(state, action);
    const rest = without(state, [failure]);
    if (key === failure && refusedFaults.lists(data.payload.message['details'])) return rest;
    // For Decap, `false` means that the notification is not hidden after some time.
    return reduce(rest, key === failure ? { ...data, payload: { ...data.payload, dismissAfter: false } } : action);
  };
}
