// Runs in browser and Node: pure. Declares fields that several collections share.
import { date, deskOnly, flag, group, list, patterned, reference, text, whole } from './field.ts';

export const ID_PATTERN = /^\d{8}-\d{6}[a-z]{2}$/u;

/** Id of an entry. It is made when the entry is created, never changes, and is unique over all units. */
export const id = patterned({
  label: '编号',
  hint: '自动生成，不能更改。',
  pattern: ID_PATTERN,
  remedy: '编号由 8 位日期、短横、6 位时间和两个小写字母组成，例如 20210319-213000ef。',
  widget: 'id',
});

export const unit = reference({ label: '单位', hint: '报送单位；保存后不能更改。', to: 'units' });

export const period = patterned({
  label: '报送期',
  hint: '为哪一次报送而写；选了才算一份报送。',
  pattern: /^\d{4}-(?:0[1-9]|1[0-2])$/u,
  remedy: '请从列表里选一个报送期。',
  widget: 'period',
}).optional();

export const author = text({ label: '撰稿', hint: '写稿的人或小组。', max: 30 });
export const proofreader = text({ label: '校对', hint: '校对的人，不能与撰稿相同。', max: 30 });

/** Fields that only the desk writes. They are absent in entries that were never published. */
export const deskKeys = {
  published: deskOnly(date({ label: '首次发布', hint: '由编辑台填写，不再改变。' })).optional(),
  edits: deskOnly(
    list({
      label: '修改记录',
      of: group({ label: '修改', fields: { date: date({ label: '修改日期' }), by: text({ label: '修改人' }) } }),
    }),
  ),
  withdrawn: deskOnly(
    group({
      label: '撤稿',
      fields: {
        date: date({ label: '撤稿日期' }),
        reason: text({ label: '撤稿理由', max: 120 }),
        hideTitle: flag({ label: '标题也撤下', hint: '留下的网页只说稿件已撤下。' }).optional(),
      },
    }),
  ).optional(),
  /**
   * How many times the entry or one of its photos has been withdrawn; absent if never. The number is part of the URL
   * paths of the entry's photos, so that no path is used again after a withdrawal.
   */
  generation: deskOnly(
    whole({ label: '撤稿次数', hint: '由编辑台填写，每撤下稿件或照片一次加一。', min: 1 }),
  ).optional(),
};

/** Phone number and e-mail address, as shown to readers. */
export const contact = group({
  label: '联系方式',
  fields: {
    phone: patterned({ label: '电话', pattern: /^[\d\- +()]{5,20}$/u, remedy: '请写电话号码，例如 0391-5550100。' }),
    email: patterned({
      label: '电子邮箱',
      pattern: /^[^\s@]+@[^\s@]+\.[^\s@]+$/u,
      remedy: '请写邮箱地址，例如 name@example.org。',
    }),
  },
});
