import { Component, createElement as h, createRef, type ReactNode } from 'react';
import { doubtfulLines, type DoubtfulLine } from '../../word/fields/doubtful-lines.ts';
import { confirmGuess } from './guess-comment.ts';
import { openForm, setFields } from './form.ts';
import { announce, importRecord } from './import-record.ts';
import { giveRole, LINE_ROLES, type LineRole } from './line-roles.ts';
import { siteNames } from './site-names.ts';

interface LineListState {
  /** Sentence about the last line that got a role; empty if there is none. */
  news: string;
  /** Values of the form before that. */
  before: ReadonlyMap<string, unknown> | undefined;
}

/** Greatest number of lines that are offered: a text of short lines, such as a poem, would fill the page. */
const MOST = 8;

const roles = ['author', 'credit', 'caption', 'none'] as const satisfies readonly LineRole[];

/**
 * The lines of a body that came from a Word document and were not understood, each with buttons that say what it is.
 * Works on the Markdown of the body, whatever control shows it.
 */
export class LineList extends Component<{ body: string }, LineListState> {
  override state: LineListState = { news: '', before: undefined };

  readonly #back = createRef<HTMLButtonElement>();

  #give(role: LineRole, line: DoubtfulLine): void {
    const form = openForm();
    if (!form) return;
    const isGuessed = importRecord()?.guessAbout('author') !== undefined;
    const { values, news } = giveRole(role, line, form.data, { units: siteNames().units, isGuessed });
    const before = new Map([...values.keys()].map((key) => [key, form.data.get(key)] as const));
    setFields(values);
    if (role === 'author' && isGuessed) confirmGuess('author');
    // The button that was pressed is gone: its place is taken by the one that puts the line back.
    this.setState({ news, before: values.size > 0 ? before : undefined }, () => this.#back.current?.focus());
  }

  #takeBack(before: ReadonlyMap<string, unknown>): void {
    setFields(before);
    this.setState({ news: '', before: undefined });
  }

  #dismiss(): void {
    const record = importRecord();
    if (record) record.offersLines = false;
    announce();
  }

  #item(line: DoubtfulLine, index: number): ReactNode {
    return h(
      'li',
      { key: `${index} ${line.markdown}` },
      h('span', { className: 'line-text' }, line.text),
      h(
        'span',
        { className: 'line-actions' },
        roles.map((role) =>
          h(
            'button',
            {
              key: role,
              type: 'button',
              'aria-label': `“${line.text}”：${LINE_ROLES[role]}`,
              onClick: () => this.#give(role, line),
            },
            LINE_ROLES[role],
          ),
        ),
      ),
    );
  }

  override render(): ReactNode {
    const { news, before } = this.state;
    const lines = importRecord()?.offersLines === true ? doubtfulLines(this.props.body) : [];
    if (lines.length === 0 && news === '') return null;
    return h(
      'section',
      { className: 'word-lines', 'aria-label': '正文里没有认出来的行', 'data-testid': 'word-lines' },
      lines.length === 0
        ? null
        : [
            h('p', { key: 'lead' }, `这 ${lines.length} 行没有认出来，先放在正文里。它们是：`),
            h(
              'ul',
              { key: 'lines' },
              lines.slice(0, MOST).map((line, index) => this.#item(line, index)),
            ),
            h('button', { key: 'all', type: 'button', onClick: () => this.#dismiss() }, '都是正文，不用管了'),
          ],
      h(
        'p',
        { role: 'status', className: 'word-news' },
        news,
        before
          ? h('button', { ref: this.#back, type: 'button', onClick: () => this.#takeBack(before) }, '放回正文')
          : null,
      ),
    );
  }
}
