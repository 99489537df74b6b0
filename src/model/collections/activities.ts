// Runs in browser and Node: pure.
import { z } from 'zod';
import { collection } from './collection.ts';
import { text, whole } from '../fields/field.ts';

export const activities = collection({
  name: 'activities',
  label: '七大活动',
  labelOne: '活动',
  path: 'activities/{slug}.md',
  key: ['slug'],
  schema: z.strictObject({
    title: text({ label: '名称', max: 16 }),
    order: whole({ label: '次序', min: 1, max: 7 }),
    tagline: text({ label: '一句话', hint: '这项活动做什么。', max: 40 }),
  }),
  body: { label: '介绍', limited: false },
});

/**
 * Colours of the seven activities, the activity of order 1 first, each for light and for dark backgrounds. The contrast
 * is at least 4.5 : 1 on pages and cards.
 */
export const activityHues = [
  ['#8a3b2e', '#e09683'],
  ['#73591a', '#cdb070'],
  ['#9c3450', '#e793a8'],
  ['#2b665f', '#7fbfb5'],
  ['#31517f', '#93b4e0'],
  ['#693f78', '#c7a0d6'],
  ['#9a5a0c', '#e0a45c'],
] as const;
