// Runs in browser and Node: pure.

/** What kind of file was refused. */
export type RefusalCode =
  | 'archive'
  | 'bomb'
  | 'damaged'
  | 'doctype'
  | 'empty'
  | 'excel'
  | 'no-text'
  | 'old-word'
  | 'old-wps'
  | 'open-document'
  | 'other'
  | 'password'
  | 'pdf'
  | 'picture'
  | 'rtf'
  | 'slides'
  | 'too-heavy'
  | 'web-page'
  | 'word-xml';

/** Why a file cannot be read as a Word document (`what`), and what to do about it (`remedy`), both in Chinese. */
export interface WordRefusal {
  code: RefusalCode;
  what: string;
  remedy: string;
}

/** Returns a refusal as one line of sentences. */
export function refusalLine({ what, remedy }: WordRefusal): string {
  return `${what}。${remedy}`;
}

/** The error that ends the reading of a file that is no readable Word document. Its message is the refusal's line. */
export class WordRefused extends Error {
  readonly refusal: WordRefusal;

  constructor(refusal: WordRefusal, cause?: unknown) {
    super(refusalLine(refusal), { cause });
    this.refusal = refusal;
  }
}

/** Returns the error about a file that is cut off or has wrong bytes. */
export function damaged(cause?: unknown): WordRefused {
  const remedy = '请用 Word 或 WPS 打开另存一次；打不开的，请重新传输原文件。';
  return new WordRefused({ code: 'damaged', what: '文档不完整或已损坏', remedy }, cause);
}

/** Returns the error about a document that is larger than any story. `what` says in Chinese what is too large. */
export function oversized(what = '文档解开后大得不像一篇稿件'): WordRefused {
  return new WordRefused({ code: 'bomb', what, remedy: '请新建一个 Word 文档，把文字粘贴过去再试。' });
}

/** Returns the error about XML with a document type declaration, which Word never writes and entities could abuse. */
export function declaresType(): WordRefused {
  const remedy = '请用 Word 或 WPS 打开，另存为新的 .docx 再放进来。';
  return new WordRefused({ code: 'doctype', what: '文档的内部写法不合规范', remedy });
}

/** Returns the error about a document, or a part of it, that is encrypted. */
export function encrypted(): WordRefused {
  return new WordRefused({ code: 'password', what: '这个文档设了打开密码', remedy: '请去掉密码，保存后再放进来。' });
}
