// Runs in browser and Node: pure.
import { z } from 'zod';
import { collection } from './collection.ts';
import { choice, date, flag, group, list, patterned, reference, text, whole } from '../fields/field.ts';
import { contact } from '../fields/provenance.ts';

/** Kinds of reports that units must submit by a deadline, with their Chinese names. */
export const reportKinds = { materials: '典型材料', summary: '年度总结' } as const;

export const site = collection({
  name: 'site',
  label: '网站设置',
  labelOne: '网站设置',
  path: 'site.yml',
  key: [],
  schema: z.strictObject({
    name: text({ label: '网站名称', max: 20 }),
    motto: text({ label: '口号', max: 20 }),
    organiser: text({ label: '主办单位', max: 30 }),
    contact,
    icp: text({ label: 'ICP 备案号', max: 40 }).optional(),
    police: text({
      label: '公安备案号',
      hint: '照备案通知抄写，例如“京公网安备 11010102000001号”。',
      max: 40,
    }).optional(),
    mark: patterned({
      label: '党政机关网站标识',
      hint: '标识审核通过后，机构域名中心给的查询网址；没有标识就空着。',
      pattern: /^https:\/\/bszs\.conac\.cn\/[!-~]{1,200}$/u,
      remedy: '请写完整的查询网址，例如 https://bszs.conac.cn/sitename?method=show&id=0123456789ABCDEF。',
    }).optional(),
    mourning: group({
      label: '哀悼日',
      hint: '这几天全站显示为灰色。',
      fields: { from: date({ label: '开始' }), to: date({ label: '结束' }) },
    }).optional(),
    sample: flag({ label: '示例内容', hint: '示例内容还在时为“是”，每页会注明。' }),
    lead: reference({ label: '头条故事', hint: '不选则为最新一篇。', to: 'stories' }).optional(),
    selfApproval: flag({ label: '允许自审', hint: '选“是”，审核人就可以通过自己写的稿件。' }),
    reporting: list({
      label: '报送期限',
      of: group({
        label: '期限',
        fields: {
          month: whole({ label: '月', min: 1, max: 12 }),
          day: whole({ label: '日', min: 1, max: 31 }),
          kind: choice({ label: '报送内容', values: reportKinds }),
        },
      }),
    }),
    photo: group({
      label: '照片要求',
      fields: {
        longSide: whole({ label: '长边像素', min: 1 }),
        shortSide: whole({ label: '短边像素', min: 1 }),
        min: whole({ label: '最少张数', min: 1 }),
        max: whole({ label: '最多张数', min: 1 }),
      },
    }),
    textLimit: whole({ label: '正文字数上限', min: 1 }),
  }),
});
