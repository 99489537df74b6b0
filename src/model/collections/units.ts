// Runs in browser and Node: pure.
import { z } from 'zod';
import { collection } from './collection.ts';
import { choice, flag, list, text } from '../fields/field.ts';
import { contact } from '../fields/provenance.ts';

export const unitKinds = {
  county: '县（市）区总工会',
  grassroots: '市属基层工会',
  industry: '市各产业工会',
} as const;

export const units = collection({
  name: 'units',
  label: '单位',
  labelOne: '单位',
  path: 'units/{code}.yml',
  key: ['code'],
  schema: z.strictObject({
    name: text({ label: '全称', hint: '盖章用的名称，例如解放区总工会。', max: 30 }),
    short: text({ label: '简称', hint: '列表里用的短名，例如解放区。', max: 12 }),
    aliases: list({ label: '曾用名', hint: '别人还会怎样写它。', of: text({ label: '曾用名', max: 30 }) }),
    kind: choice({ label: '类别', values: unitKinds }),
    active: flag({ label: '在用', start: true, hint: '撤并了的单位选“否”，旧稿不受影响。' }),
    contact: contact.optional(),
  }),
});
