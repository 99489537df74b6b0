// Decap's notifications that list faults stay visible until somebody closes them or the faults are out of date.
import { expect, test } from 'vitest';
import { z } from 'zod';
import { refusedFaults } from '../../src/cms/backend/refused-faults.ts';
import { keepFaultNotifications } from '../../src/cms/decap/fault-notifications.ts';

const notice = z.object({ message: z.object({ key: z.string() }), dismissAfter: z.unknown() });
const stateOf = z.object({ notifications: z.object({ notifications: z.array(notice) }), other: z.literal('kept') });
const sending = z.object({ type: z.literal('NOTIFICATION_SEND'), payload: notice });

/** Returns the state with the notification of a NOTIFICATION_SEND action, as Decap's reducer does. */
function decapsReducer(state: unknown, action: unknown): unknown {
  const before = stateOf.parse(state);
  const { data } = sending.safeParse(action);
  return data
    ? { ...before, notifications: { notifications: [...before.notifications.notifications, data.payload] } }
    : state;
}

const reduce = keepFaultNotifications(decapsReducer);

function send(key: string, dismissAfter = 8000, details?: unknown) {
  return { type: 'NOTIFICATION_SEND', payload: { message: { key: `ui.toast.${key}`, details }, dismissAfter } };
}

/** Returns the notifications after some actions, each as a key and a time limit (milliseconds; false: none). */
function shownAfter(...actions: object[]): unknown[] {
  const state = actions.reduce<unknown>(reduce, { notifications: { notifications: [] }, other: 'kept' });
  return stateOf
    .parse(state)
    .notifications.notifications.map(({ message, dismissAfter }) => [
      message.key.slice('ui.toast.'.length),
      dismissAfter,
    ]);
}

test('Faults that the form lists are not repeated in a notification', () => {
  const fault = { file: '', field: 'place', label: '地点', what: '缺少地点', remedy: '请写一写。' };
  const stop = refusedFaults.listen('stories/a', { data: () => undefined, show: () => undefined });
  const [listed, unlisted, other] = [{ faults: [fault] }, { faults: [fault] }, { faults: [] }];
  refusedFaults.record('stories/a', listed);
  expect(shownAfter(send('onFailToUpdateStatus', 8000, listed))).toEqual([]);
  // The refusal of an entry whose form is not open, one for another reason, and a later failure still need it.
  refusedFaults.record('stories/b', unlisted);
  refusedFaults.record('stories/a', other);
  for (const details of [unlisted, other, undefined]) {
    expect(shownAfter(send('onFailToUpdateStatus', 8000, details))).toEqual([['onFailToUpdateStatus', false]]);
  }
  stop();
});

test.each(['onFailToUpdateStatus', 'onFailToPublishEntry'])('%s has no time limit and is shown once', (key) => {
  expect(shownAfter(send(key), send(key))).toEqual([[key, false]]);
});

test('Other notifications keep their time limit', () => {
  expect(shownAfter(send('onFailToPersist'), send('entrySaved', 4000))).toEqual([
    ['onFailToPersist', 8000],
    ['entrySaved', 4000],
  ]);
});

test.each([
  ['entryUpdated', 'onFailToUpdateStatus'],
  ['entryPublished', 'onFailToPublishEntry'],
])('%s removes %s', (success, failure) => {
  expect(shownAfter(send(failure), send('entrySaved', 4000), send(success, 4000))).toEqual([
    ['entrySaved', 4000],
    [success, 4000],
  ]);
});

test('Leaving the entry removes both, and typing removes none', () => {
  const both = [send('onFailToUpdateStatus'), send('onFailToPublishEntry')];
  expect(shownAfter(...both, { type: 'DRAFT_CHANGE_FIELD' })).toHaveLength(2);
  expect(shownAfter(...both, { type: 'DRAFT_DISCARD' })).toEqual([]);
});
