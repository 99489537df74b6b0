// Runs in browser and Node: pure.
import { choice, date, deskOnly, group, list, patterned, text } from './field.ts';
import type { z } from 'zod';

/**
 * Legal bases for showing the people in a picture (民法典 1019–1020; PIPL art. 28 for people under 14), with their Chinese
 * names.
 */
const consentBases = {
  public: '公开活动报道',
  granted: '已获本人同意',
  guardian: '监护人同意',
  masked: '已遮挡',
} as const;

/** One photo of an entry. `src` is the name of its file in the entry's folder. */
export const photo = group({
  label: '照片',
  fields: {
    src: patterned({
      label: '照片文件',
      pattern: /^[^/\\]+$/u,
      remedy: '请写与正文放在同一文件夹里的照片文件名，不带路径。',
      widget: 'image',
    }),
    alt: text({
      label: '替代文字',
      hint: '读给看不见照片的人听，例如：两位律师坐在折叠桌后，正看一份合同。',
      max: 120,
    }),
    caption: text({ label: '图片说明', hint: '印在照片下面：什么时候、在哪里、在做什么。', min: 10, max: 60 }),
    credit: text({ label: '摄影', hint: '拍摄者姓名。', max: 40 }),
    consent: choice({ label: '肖像许可', values: consentBases }),
    consentUntil: date({ label: '许可截止', hint: '同意书写明了期限才填；到期以前编辑台会提醒。' }).optional(),
    consentNote: text({
      label: '同意书存放处',
      hint: '书面同意书放在哪里；只有编辑台看得到，不会发布。',
      max: 60,
    }).optional(),
    exemption: deskOnly(
      group({
        label: '照片豁免',
        fields: {
          reason: text({ label: '豁免理由', hint: '为什么没有更好的照片；别人会看到。', max: 120 }),
          by: text({ label: '审核人' }),
        },
      }),
    ).optional(),
    withdrawn: deskOnly(
      group({
        label: '照片撤下',
        fields: {
          date: date({ label: '撤下日期' }),
          reason: text({ label: '撤下理由', hint: '只有编辑台看得到，不会发布。', max: 120 }),
        },
      }),
    ).optional(),
  },
});

export type Photo = z.infer<typeof photo>;

/** The photos of a story or an example. The site's settings limit their number (rules.ts). */
export const photos = list({
  label: '照片',
  hint: '2–3 张高清原图，长边不少于 1920 像素、短边不少于 1080 像素。',
  of: photo,
  counter: '张',
  widget: 'photos',
  remedy: '请附上高清原图，每张写明文件名、替代文字、图片说明、摄影和肖像许可。',
});
