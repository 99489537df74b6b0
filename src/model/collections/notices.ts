// Runs in browser and Node: pure.
import { z } from 'zod';
import { collection } from './collection.ts';
import { date, text } from '../fields/field.ts';

export const notices = collection({
  name: 'notices',
  label: '通知文件',
  labelOne: '通知',
  path: 'notices/{slug}.md',
  key: ['slug'],
  schema: z.strictObject({
    title: text({ label: '标题', max: 80 }),
    number: text({ label: '文号', max: 30 }),
    issuer: text({ label: '发文机关', max: 30 }),
    signed: date({ label: '成文日期' }),
    printed: date({ label: '印发日期' }),
  }),
  body: { label: '正文', limited: false },
  places: { sheet: ['title', 'body'], facts: ['number', 'issuer', 'signed', 'printed'], figures: [] },
});
