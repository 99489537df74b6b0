// Runs in browser and Node: pure.
import { z } from 'zod';
import { collection } from './collection.ts';
import { choice, flag, list, reference, text } from '../fields/field.ts';
import { photos } from '../fields/photo.ts';
import { author, deskKeys, id, period, proofreader, unit } from '../fields/provenance.ts';

export const exampleKinds = { person: '个人', team: '团队', unit: '单位', brand: '品牌' } as const;

export const examples = collection({
  name: 'examples',
  label: '先进典型',
  labelOne: '典型',
  path: 'examples/{unit}/{id}/index.md',
  key: ['id'],
  schema: z.strictObject({
    id,
    name: text({ label: '名称', max: 24 }),
    kind: choice({ label: '类别', values: exampleKinds }),
    pseudonym: flag({ label: '化名', hint: '名称是化名时选“是”，页面会注明。' }).optional(),
    honours: list({ label: '荣誉', of: text({ label: '荣誉', max: 40 }) }),
    unit,
    activities: list({ label: '相关活动', of: reference({ label: '活动', to: 'activities' }) }),
    summary: text({ label: '摘要', max: 120, multiline: true }),
    quote: text({ label: '一句话', hint: '本人或团队说过的一句话，不带引号。', max: 80 }).optional(),
    photos,
    period,
    author,
    proofreader,
    ...deskKeys,
  }),
  body: { label: '正文', hint: '不超过 2000 字。', limited: true },
  places: {
    sheet: ['name', 'body', 'summary', 'quote', 'photos'],
    facts: ['unit', 'kind', 'period', 'author', 'proofreader', 'id'],
    figures: ['activities', 'honours', 'pseudonym'],
  },
});
