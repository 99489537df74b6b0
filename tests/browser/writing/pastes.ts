// What people paste into the body field, as the programs put it on the clipboard.
import type { Copied } from './body-page.ts';

/** Something pasted, with the Markdown that it becomes. */
export interface Paste extends Copied {
  name: string;
  markdown: string;
  /** Parts of the sentences of the notice. None: there is no notice. */
  notice?: readonly string[];
  /** Number of Han characters that are not taken, about which the notice says something. */
  lost?: number;
  /** Whether it is pasted with Ctrl+Shift+V. */
  isPlain?: boolean;
}

const WORD_HEAD =
  '<html xmlns:o="urn:schemas-microsoft-com:office:office" xmlns:w="urn:schemas-microsoft-com:office:word"><head><meta charset=utf-8><title>稿件</title><style><!-- p.MsoNormal {margin:0cm;} --></style></head><body lang=ZH-CN><!--StartFragment-->';

function word(body: string): string {
  return `${WORD_HEAD}${body}<!--EndFragment--></body></html>`;
}

function wordItem(level: number, label: string, text: string): string {
  return (
    `<p class=MsoListParagraph style='margin-left:21.0pt;text-indent:-21.0pt;mso-list:l0 level${level} lfo1'>` +
    `<![if !supportLists]><span lang=EN-US><span style='mso-list:Ignore'>${label}<span style='font:7.0pt "Times New Roman"'>&nbsp;&nbsp;&nbsp; </span></span></span><![endif]>${text}<o:p></o:p></p>`
  );
}

const PICTURE = '<img width="640" height="427" data-src="https://mmbiz.qpic.example/a.jpg" alt="图片">';

const WORD: readonly Paste[] = [
  {
    name: 'Word: lines of the file within a sentence',
    html: word(
      "<p class=MsoNormal style='text-indent:21.0pt'><span\nstyle='font-family:仿宋'>志愿者把绿豆汤\n送到了<span lang=EN-US>3</span>个工地。<o:p></o:p></span></p>\n<p class=MsoNormal><o:p>&nbsp;</o:p></p>\n<p class=MsoNormal>第二段。</p>",
    ),
    markdown: '志愿者把绿豆汤送到了3个工地。\n\n第二段。',
  },
  {
    name: 'Word: a bulleted list in a list',
    html: word(wordItem(1, '·', '搬桌子') + '\n' + wordItem(2, 'o', '折叠桌') + '\n' + wordItem(1, '·', '挂横幅')),
    markdown: '- 搬桌子\n  - 折叠桌\n- 挂横幅',
  },
  {
    name: 'Word: a numbered list that does not start with 1',
    html: word(wordItem(1, '3.', '登记') + wordItem(1, '4.', '咨询')),
    markdown: '3. 登记\n4. 咨询',
  },
  {
    name: 'Word: numbers of official documents',
    html: word(
      wordItem(1, '一、', '工作重点') +
        '<p class=MsoNormal>按要求做。</p>' +
        wordItem(1, '（一）', '服务工地') +
        '<p class=MsoNormal>送水。</p>',
    ),
    markdown: '一、工作重点\n\n按要求做。\n\n（一）服务工地\n\n送水。',
    notice: ['有 2 行像小标题'],
  },
  {
    name: 'Word: headings, bold and italic type',
    html: word(
      "<h1><span style='font-family:黑体'>一张桌子</span></h1><h3><b>两位律师</b></h3><p class=MsoNormal>老李<b style='mso-bidi-font-weight:normal'>三十年</b>没有<i>迟到</i>过。</p>",
    ),
    markdown: '## 一张桌子\n\n### 两位律师\n\n老李**三十年**没有*迟到*过。',
  },
  {
    name: 'Word: a table',
    html: word(
      '<table class=MsoTableGrid border=1><tr><td width=284 valign=top><p class=MsoNormal>单位<o:p></o:p></p></td><td><p class=MsoNormal>人次</p></td></tr><tr><td><p class=MsoNormal>沁阳市</p><p class=MsoNormal>总工会</p></td><td><p class=MsoNormal><span lang=EN-US>120</span></p></td></tr></table><p class=MsoNormal>表后。</p>',
    ),
    markdown: '| 单位 | 人次 |\n| --- | --- |\n| 沁阳市<br>总工会 | 120 |\n\n表后。',
  },
  {
    name: 'Word: pictures',
    html: word(
      '<p class=MsoNormal>图一<!--[if gte vml 1]><v:shape id="图"/><![endif]--><![if !vml]><img width=554 height=369 src="file:///C:/Users/wang/AppData/Local/Temp/msohtmlclip1/01/clip_image002.jpg"><![endif]></p><p class=MsoNormal><img width=300 src="file:///C:/x.png">图二</p>',
    ),
    markdown: '图一\n\n图二',
    notice: ['有 2 张图片没有放进正文'],
  },
  {
    name: 'Word: comments and tracked changes',
    html: word(
      "<p class=MsoNormal>原文<ins>新加</ins><del>旧的</del>。<span style='mso-special-character:comment'><a href=\"#_msocom_1\" class=msocomanchor>[王1]</a></span></p><div style='mso-element:comment-list'><hr class=msocomoff><div style='mso-element:comment'><p class=MsoCommentText>这里要改</p></div></div>",
    ),
    markdown: '原文新加旧的。',
    notice: ['有 1 条批注没有贴进来', '有 1 处带删除线的文字', '有 1 处下划线已去掉'],
    lost: 5,
  },
  {
    name: 'Word: hidden text',
    html: word("<p class=MsoNormal>看得见<span style='display:none;mso-hide:all'>看不见</span>。</p>"),
    markdown: '看得见。',
    notice: ['有 1 处隐藏的文字没有贴进来'],
    lost: 3,
  },
  {
    name: 'Word: a link and a link to a file',
    html: word('<p class=MsoNormal><a href="https://example.cn/a">公告</a>和<a href="file:///C:/稿.docx">附件</a></p>'),
    markdown: '[公告](https://example.cn/a)和附件',
    notice: ['有 1 个指向本机文件的链接已去掉'],
  },
  {
    name: 'Word: raised digits',
    html: word(
      '<p class=MsoNormal>棚子有<span lang=EN-US>20m<sup>2</sup></span>，二氧化碳<span lang=EN-US>CO<sub>2</sub></span>。</p>',
    ),
    markdown: '棚子有20m²，二氧化碳CO₂。',
  },
  {
    name: 'Word: formulas',
    html: word('<p class=MsoNormal>面积<math xmlns="http://www.w3.org/1998/Math/MathML"><mi>S</mi></math>很大。</p>'),
    markdown: '面积很大。',
    notice: ['有 1 个公式没有贴进来'],
  },
];

const WPS: readonly Paste[] = [
  {
    name: 'WPS: indents by blanks and by styles',
    html: '<html><head><meta name=Generator content=\'WPS Office\'></head><body><!--StartFragment--><p class=MsoNormal style="text-indent:32.0000pt;mso-char-indent-count:2.0000;"><span style="font-family:仿宋;font-size:16.0000pt;">第一段。</span></p><p class=MsoNormal><span>　　第二段。</span></p><p class=MsoNormal><span>&nbsp;&nbsp;&nbsp;&nbsp;第三段。</span></p><!--EndFragment--></body></html>',
    markdown: '第一段。\n\n第二段。\n\n第三段。',
  },
  {
    name: 'WPS: bold type over a line with an indent',
    html: '<p class=MsoNormal><b><span>　　志愿者有话说</span></b></p><p class=MsoNormal><span>　　“下次我还来。”</span></p>',
    markdown: '**志愿者有话说**\n\n“下次我还来。”',
  },
  {
    name: 'WPS: a table with bare cells',
    html: '<table><tr><td>日期</td><td>地点</td></tr><tr><td>3月17日</td><td>工地|东门</td></tr></table>',
    markdown: '| 日期 | 地点 |\n| --- | --- |\n| 3月17日 | 工地\\|东门 |',
  },
  {
    name: 'WPS: soft line ends',
    html: '<p class=MsoNormal><span>第一行<br>第二行<br>　　新的一段</span></p>',
    markdown: '第一行\\\n第二行\n\n新的一段',
  },
];

const EXCEL: readonly Paste[] = [
  {
    name: 'Excel: cells',
    html: '<html xmlns:x="urn:schemas-microsoft-com:office:excel"><head><style>td{mso-style-parent:style0}</style></head><body><table border=0 cellpadding=0 cellspacing=0 width=144><col width=72 span=2><tr height=19><td height=19 class=xl65>姓名</td><td>次数</td></tr><tr><td>李四</td><td align=right x:num>12</td></tr></table></body></html>',
    text: '姓名\t次数\r\n李四\t12\r\n',
    markdown: '| 姓名 | 次数 |\n| --- | --- |\n| 李四 | 12 |',
  },
  {
    name: 'Excel: merged cells',
    html: '<table><tr><td colspan=2>汇总</td></tr><tr><td rowspan=2>春</td><td>5</td></tr><tr><td>6</td></tr></table>',
    markdown: '| 汇总 |  |\n| --- | --- |\n| 春 | 5 |\n|  | 6 |',
    notice: ['表格里有 2 处合并的单元格已拆开'],
  },
  { name: 'Excel: one column', html: '<table><tr><td>甲</td></tr><tr><td>乙</td></tr></table>', markdown: '甲\n\n乙' },
  { name: 'Excel: cells as plain text', text: '姓名\t次数\r\n李四\t12\r\n', markdown: '姓名 次数\n\n李四 12' },
];

const WECHAT: readonly Paste[] = [
  {
    name: 'WeChat: a section for each paragraph, and pictures between them',
    html: `<div id="js_content"><section style="text-align:center"><span style="font-size:15px">中午最热的时候</span></section><section>${PICTURE}</section><section><p><span>老李推着车</span></p></section><section>${PICTURE}${PICTURE}</section><section><span>进了大门。</span></section></div>`,
    markdown: '中午最热的时候\n\n老李推着车\n\n进了大门。',
    notice: ['有 3 张图片没有放进正文'],
  },
  {
    name: 'WeChat: a picture within a paragraph',
    html: `<p style="line-height:1.75em"><strong>现场</strong>${PICTURE}很热</p>`,
    markdown: '**现场**很热',
    notice: ['有 1 张图片没有放进正文'],
  },
  {
    name: 'WeChat: only a picture',
    html: `<meta charset='utf-8'>${PICTURE}`,
    markdown: '',
    notice: ['有 1 张图片没有放进正文'],
  },
  {
    name: 'WeChat: video, voice and a line',
    html: '<section>看视频</section><section><mp-common-videosnap></mp-common-videosnap><mpvoice></mpvoice></section><hr><p>完</p>',
    markdown: '看视频\n\n---\n\n完',
    notice: ['有 2 段视频或音频没有贴进来'],
  },
  {
    name: 'WeChat: a quotation and emoji',
    html: '<blockquote><p>“不客气<img class="emoji" alt="[微笑]" width="20" height="20" src="https://res.wx.example/e.png">”</p></blockquote><p>谢谢😀</p>',
    markdown: '> “不客气\\[微笑\\]”\n\n谢谢😀',
  },
  {
    name: 'WeChat: a picture that counts readers',
    html: '<p>正文</p><img src="https://x.example/1.gif" width="1" height="1">',
    markdown: '正文',
  },
];

const WEB: readonly Paste[] = [
  {
    name: 'web page: a list with line ends between items',
    html: '<ul>\n  <li>甲</li>\n  <li>乙</li>\n</ul>\n<p>以后的话</p>',
    markdown: '- 甲\n- 乙\n\n以后的话',
  },
  {
    name: 'web page: three levels of lists',
    html: '<ul><li>甲<ul><li>乙<ul><li>丙</li></ul></li></ul></li></ul>',
    markdown: '- 甲\n  - 乙\n  - 丙',
    notice: ['有 1 处列表超过两层'],
  },
  {
    name: 'web page: lists of Google Docs',
    html: '<b style="font-weight:normal" id="docs-internal-guid-1"><ul><li dir="ltr"><p role="presentation">甲</p></li><ul><li><p>乙</p></li></ul><li><p>丙</p></li></ul></b>',
    markdown: '- 甲\n  - 乙\n- 丙',
  },
  {
    name: 'web page: br lines',
    html: '第一段<br><br>第二段<br>还是第二段',
    markdown: '第一段\n\n第二段\\\n还是第二段',
  },
  { name: 'web page: pre', html: '<pre>　　第一行\n第二行\n\n第三行</pre>', markdown: '第一行\n\n第二行\n\n第三行' },
  {
    name: 'web page: a link in a span, and a relative link',
    html: '<p><span><a href="https://example.cn/">网站</a></span>，<strong><a href="/a.html">内页</a></strong></p>',
    markdown: '[网站](https://example.cn/)，**内页**',
    notice: ['有 1 个链接的网址不完整'],
  },
  {
    name: 'web page: an icon and a large drawing',
    html: '<p><svg width="16" height="16"></svg>电话<svg width="400" height="300"></svg></p>',
    markdown: '电话',
    notice: ['有 1 张图片没有放进正文'],
  },
  {
    name: 'web page: a form',
    html: '<form><label>姓名 <input name="n"></label><select><option>男</option></select></form><p>表后</p>',
    markdown: '姓名\n\n表后',
    notice: ['有 2 个网页上的输入框没有贴进来'],
    lost: 1,
  },
];

const MAIL: readonly Paste[] = [
  {
    name: 'mail: divs and quoted mail',
    html: '<div>王老师：</div><div><br></div><div>稿子见下。</div><blockquote type="cite"><div>请补照片。</div></blockquote>',
    markdown: '王老师：\n\n稿子见下。\n\n> 请补照片。',
  },
  {
    name: 'mail: an address and a phone number',
    html: '<div><a href="mailto:gh@example.cn">gh@example.cn</a> <a href="tel:12351">12351</a></div>',
    markdown: '[gh@example.cn](mailto:gh@example.cn) [12351](tel:12351)',
  },
  {
    name: 'QQ mail: nested tables that only arrange',
    html: '<table><tbody><tr><td><div>第一段</div><table><tr><td>第二段</td></tr></table></td></tr></tbody></table>',
    markdown: '第一段\n\n第二段',
  },
];

const CHATS: readonly Paste[] = [
  {
    name: 'AI chat: HTML',
    html: '<h2>活动概况</h2><p><strong>时间</strong>：3 月 17 日</p><ol start="1"><li><p>登记</p></li><li><p>咨询</p></li></ol><hr><table><thead><tr><th>项</th><th>数</th></tr></thead><tbody><tr><td>人</td><td>4</td></tr></tbody></table>',
    markdown:
      '## 活动概况\n\n**时间**：3 月 17 日\n\n1. 登记\n2. 咨询\n\n---\n\n| 项 | 数 |\n| --- | --- |\n| 人 | 4 |',
  },
  {
    name: 'AI chat: code',
    html: '<p>如下：</p><pre><code class="language-text">第一行\n第二行</code></pre>',
    markdown: '如下：\n\n第一行\n\n第二行',
  },
  {
    name: 'AI chat: Markdown as plain text',
    text: '## 活动概况\n\n**时间**：3 月 17 日\n- 登记\n- 咨询\n\n---\n\n#### 小结\n完成。',
    markdown: '## 活动概况\n\n**时间**：3 月 17 日\n\n- 登记\n- 咨询\n\n### 小结\n\n完成。',
    notice: ['带有 Markdown 记号'],
  },
  {
    name: 'AI chat: Markdown pasted plain',
    text: '## 活动概况\n**时间**',
    isPlain: true,
    markdown: '\\## 活动概况\n\n\\*\\*时间\\*\\*',
  },
];

const PLAIN: readonly Paste[] = [
  { name: 'plain text: 　　', text: '　　第一段。\r\n　　第二段。\r\n', markdown: '第一段。\n\n第二段。' },
  { name: 'plain text: tabs', text: '\t第一段。\n\t第二段。', markdown: '第一段。\n\n第二段。' },
  { name: 'plain text: four blanks', text: '    第一段。\n    第二段。', markdown: '第一段。\n\n第二段。' },
  {
    name: 'plain text: numbered headings',
    text: '一、活动概况\n活动办了三天。\n（一）送水\n每天两桶。\n二、体会\n很热。',
    markdown: '一、活动概况\n\n活动办了三天。\n\n（一）送水\n\n每天两桶。\n\n二、体会\n\n很热。',
    notice: ['有 3 行像小标题'],
  },
  {
    name: 'plain text: lines that could be Markdown',
    text: '1. 登记\n2. 咨询\n#1 号\n> 大于\n*星*',
    markdown: '1\\. 登记\n\n2\\. 咨询\n\n#1 号\n\n\\> 大于\n\n\\*星\\*',
  },
  { name: 'plain text: one line', text: '李四 13800000000', markdown: '李四 13800000000' },
  {
    name: 'HTML pasted plain',
    html: '<h1>题</h1><p><b>粗</b></p>',
    text: '题\n粗',
    isPlain: true,
    markdown: '题\n\n粗',
  },
  {
    name: 'a screenshot',
    isPicture: true,
    markdown: '',
    notice: ['有 1 张图片没有放进正文'],
  },
];

const HOSTILE: readonly Paste[] = [
  {
    name: 'hostile: scripts and handlers',
    html: '<p onclick="alert(1)">甲<script>alert("不该有")</script><img src=x onerror="alert(1)" width=100></p><a href="javascript:alert(1)">乙</a><style>p{color:red}</style>',
    markdown: '甲\n\n乙',
    notice: ['有 1 张图片没有放进正文', '有 1 个链接的网址不完整'],
  },
  {
    name: 'hostile: frames and objects',
    html: '<p>甲</p><iframe srcdoc="<script>parent.alert(1)</script>"></iframe><object data="https://x.example/a"></object><svg onload="alert(1)" width="300"><script>alert(1)</script></svg>',
    markdown: '甲',
    notice: ['有 1 张图片没有放进正文', '有 2 段视频或音频没有贴进来'],
  },
  {
    name: 'hostile: HTML that pretends to be copied here',
    html: '<div data-pm-slice="1 1 []"><p>甲</p><img src="https://x.example/a.png" width=200><div data-kept="# 乙">丙</div></div>',
    markdown: '甲\n\n丙',
    notice: ['有 1 张图片没有放进正文'],
  },
  {
    name: 'hostile: 600 nested elements',
    html: `${'<div><b>'.repeat(300)}深${'</b></div>'.repeat(300)}`,
    markdown: '**深**',
  },
  {
    name: 'hostile: Markdown and HTML as text in HTML',
    html: '<p>&lt;script&gt;alert(1)&lt;/script&gt; [a](javascript:x) &amp;amp;</p>',
    markdown: '\\<script>alert(1)\\</script> \\[a\\](javascript:x) \\&amp;',
  },
];

/** All of them. */
export const PASTES: readonly Paste[] = [
  ...WORD,
  ...WPS,
  ...EXCEL,
  ...WECHAT,
  ...WEB,
  ...MAIL,
  ...CHATS,
  ...PLAIN,
  ...HOSTILE,
];
