// Runs in browser and Node: pure.
import { z } from 'zod';
import { collection } from './collection.ts';
import { date, hours, list, reference, text, whole } from '../fields/field.ts';
import { photos } from '../fields/photo.ts';
import { author, deskKeys, id, period, proofreader, unit } from '../fields/provenance.ts';

export const stories = collection({
  name: 'stories',
  label: '活动故事',
  labelOne: '故事',
  path: 'stories/{unit}/{id}/index.md',
  key: ['id'],
  schema: z.strictObject({
    id,
    title: text({ label: '标题', hint: '说清一件事，不用口号。', min: 2, max: 40 }),
    date: date({ label: '日期', hint: '活动发生的那一天。' }),
    place: text({ label: '地点', hint: '在哪里办的，写到读者找得到。', max: 40 }),
    unit,
    coOrganisers: list({ label: '合办单位', of: reference({ label: '单位', to: 'units' }) }),
    activity: reference({ label: '所属活动', to: 'activities' }),
    summary: text({ label: '摘要', hint: '一两句话，列表和搜索里看到的就是它。', max: 120, multiline: true }),
    volunteers: whole({ label: '参加人次', hint: '志愿者人次，只写数字。' }).optional(),
    hours: hours({ label: '服务时长', hint: '所有人加起来的小时数。' }).optional(),
    beneficiaries: whole({ label: '受益人数' }).optional(),
    examples: list({ label: '相关典型', of: reference({ label: '先进典型', to: 'examples' }) }),
    period,
    photos,
    author,
    proofreader,
    ...deskKeys,
  }),
  body: { label: '正文', hint: '不超过 2000 字。', limited: true },
  places: {
    sheet: ['title', 'body', 'summary', 'photos'],
    facts: ['unit', 'activity', 'date', 'place', 'period', 'author', 'proofreader', 'id'],
    figures: ['volunteers', 'hours', 'beneficiaries', 'examples', 'coOrganisers'],
  },
});
