// Runs in browser and Node: pure.
import { z } from 'zod';
import { collection } from './collection.ts';
import { choice, date, reference, text } from '../fields/field.ts';
import { id, unit } from '../fields/provenance.ts';

export const wishGroups = {
  残疾人: '残疾人',
  空巢老人: '空巢老人',
  留守儿童: '留守儿童',
  困难职工: '困难职工',
  其他: '其他',
} as const;

export const wishStates = {
  open: '待认领',
  claimed: '已认领',
  doing: '进行中',
  done: '已实现',
  withdrawn: '已撤回',
} as const;

export const wishes = collection({
  name: 'wishes',
  label: '微心愿',
  labelOne: '心愿',
  path: 'wishes/{id}.yml',
  key: ['id'],
  schema: z.strictObject({
    id,
    group: choice({ label: '人群', values: wishGroups }),
    alias: text({ label: '称呼', hint: '不写真名，不写病情。', max: 20 }),
    wish: text({ label: '心愿', max: 60, multiline: true }),
    unit,
    state: choice({ label: '状态', values: wishStates }),
    updated: date({ label: '更新日期' }),
    claimedBy: text({ label: '认领者', max: 30 }).optional(),
    story: reference({ label: '故事', hint: '这个心愿后来写成的故事。', to: 'stories' }).optional(),
  }),
});
