// Runs in browser and Node: pure.
import { z } from 'zod';
import { collection } from './collection.ts';
import { text, whole } from './field.ts';

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
