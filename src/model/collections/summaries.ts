// Runs in browser and Node: pure.
import { z } from 'zod';
import { collection } from './collection.ts';
import { group, hours, whole } from '../fields/field.ts';
import { author, deskKeys, unit } from '../fields/provenance.ts';

export const summaries = collection({
  name: 'summaries',
  label: '年度总结',
  labelOne: '总结',
  path: 'summaries/{unit}/{year}/index.md',
  key: ['unit', 'year'],
  schema: z.strictObject({
    unit,
    year: whole({ label: '年度', min: 2000, max: 2100 }),
    figures: group({
      label: '全年数字',
      hint: '本单位自行统计。',
      fields: {
        volunteers: whole({ label: '参加人次' }),
        hours: hours({ label: '服务时长' }),
        events: whole({ label: '活动场次' }),
        beneficiaries: whole({ label: '受益人数' }),
      },
    }),
    author,
    ...deskKeys,
  }),
  body: { label: '正文', hint: '不超过 2000 字。', limited: true },
  places: { sheet: ['body'], facts: ['unit', 'year', 'author', 'figures'], figures: [] },
});
