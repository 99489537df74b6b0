import { createElement as h, type ReactNode } from 'react';
import { Control, textIn, type ControlProps } from '../widgets/widget.ts';
import {
  addComment,
  deleteComment,
  commentsOn,
  updateComment,
  type EntryComment,
  type CommentPlace,
} from './comment-client.ts';
import { CommentField } from './comment-field.ts';
import { CommentItem } from './comment-item.ts';

interface NotesState {
  /** Undefined: the desk has not told yet. */
  notes: readonly EntryComment[] | undefined;
  busy: boolean;
  /** Why something was not done. */
  trouble: string;
}

/** What was typed and not sent, by entry: whoever looks at another entry finds it again. */
const unsent = new Map<string, string>();

const BLANK: NotesState = { notes: undefined, busy: false, trouble: '' };

/**
 * What author and reviewers say to one another on an entry, above its form. No part of the entry: Decap's configuration
 * has it as a field (config.ts), which is never given a value. Decap's own pane of notes takes the place of the preview,
 * shows neither who returned an entry nor how many notes are open, and loses what was typed when it is not saved.
 */
export class CommentsControl extends Control<NotesState> {
  override state = BLANK;
  #shown = '';
  #gone = false;

  /** The entry that is shown; undefined: it was never saved. */
  get #place(): CommentPlace | undefined {
    const entry = this.props.getEntry();
    const collection = textIn(entry, 'collection') || textIn(this.props.collection, 'name');
    const slug = textIn(entry, 'slug');
    return entry === undefined || entry.get('newRecord') === true || slug === '' ? undefined : { collection, slug };
  }

  override componentDidMount(): void {
    document.addEventListener('visibilitychange', this.#onVisible);
    this.#follow();
  }

  override componentDidUpdate(_before: ControlProps): void {
    this.#follow();
  }

  override componentWillUnmount(): void {
    this.#gone = true;
    document.removeEventListener('visibilitychange', this.#onVisible);
  }

  /** Who comes back to this window sees what was said meanwhile. */
  readonly #onVisible = (): void => {
    if (document.visibilityState === 'visible') void this.#load();
  };

  /** Another entry has other notes. */
  #follow(): void {
    const shown = keyOf(this.#place);
    if (shown === this.#shown) return;
    this.#shown = shown;
    this.setState(BLANK);
    void this.#load();
  }

  #isShown(place: CommentPlace): boolean {
    return !this.#gone && keyOf(place) === keyOf(this.#place);
  }

  async #load(): Promise<void> {
    const place = this.#place;
    if (place === undefined) return;
    try {
      const notes = await commentsOn(place);
      if (this.#isShown(place)) this.setState({ notes, trouble: '' });
    } catch (error) {
      if (this.#isShown(place)) this.setState({ trouble: `批注没有取到：${String(error)}` });
    }
  }

  /** Does something and shows what the desk has then; answers whether it was done. */
  async #change(what: string, run: (place: CommentPlace) => Promise<void>): Promise<boolean> {
    const place = this.#place;
    if (place === undefined) return false;
    this.setState({ busy: true, trouble: '' });
    try {
      await run(place);
      await this.#load();
      return true;
    } catch (error) {
      if (this.#isShown(place)) this.setState({ trouble: `${what}：${String(error)}` });
      return false;
    } finally {
      if (!this.#gone) this.setState({ busy: false });
    }
  }

  async #add(text: string): Promise<boolean> {
    return this.#change('批注没有添加', async (place) => addComment(place, text));
  }

  #item(note: EntryComment): ReactNode {
    const { id } = note;
    return h(CommentItem, {
      key: id,
      note,
      busy: this.state.busy,
      onResolve: (resolved) => void this.#change('批注没有改', async (place) => updateComment(place, id, { resolved })),
      onChange: async (content) => this.#change('批注没有改', async (place) => updateComment(place, id, { content })),
      onDelete: () => {
        if (!window.confirm('确定删除这条批注吗？')) return;
        void this.#change('批注没有删除', async (place) => deleteComment(place, id));
      },
    });
  }

  #trouble(): ReactNode {
    const { trouble, busy } = this.state;
    return h(
      'div',
      { role: 'alert', className: 'note-trouble' },
      trouble === '' ? null : h('p', null, trouble),
      trouble.startsWith('批注没有取到')
        ? h('button', { type: 'button', disabled: busy, onClick: () => void this.#load() }, '再取一次')
        : null,
    );
  }

  override render(): ReactNode {
    const place = this.#place;
    if (place === undefined) return h('div', { className: 'notes' });
    const { notes = [], busy } = this.state;
    const key = keyOf(place);
    const isPressing = ({ kind, resolved }: EntryComment): boolean => kind === 'returned' && !resolved;
    const pressing = notes.filter(isPressing);
    const others = notes.filter((note) => !isPressing(note));
    const open = notes.filter(({ resolved }) => !resolved).length;
    return h(
      'section',
      { className: 'notes', 'aria-label': '批注', 'data-testid': 'notes', 'data-entry': key },
      pressing.length > 0
        ? h(
            'ul',
            null,
            [...pressing].reverse().map((note) => this.#item(note)),
          )
        : null,
      h(
        'details',
        { key, open: others.some(({ resolved }) => !resolved) ? true : undefined },
        h(
          'summary',
          null,
          '批注',
          h(
            'span',
            { className: open > 0 ? 'open-notes some' : 'open-notes', 'data-testid': 'open-notes' },
            this.state.notes === undefined ? '' : countOf(notes.length, open),
          ),
        ),
        h(
          'ul',
          null,
          others.map((note) => this.#item(note)),
        ),
        h(CommentField, {
          label: '写批注（作者和审核人都能看到，读者看不到）',
          initial: unsent.get(key) ?? '',
          words: '添加批注',
          busy,
          onType: (text) => unsent.set(key, text),
          onSend: async (text) => this.#add(text),
        }),
      ),
      this.#trouble(),
    );
  }
}

function keyOf(place: CommentPlace | undefined): string {
  return place === undefined ? '' : `${place.collection}/${place.slug}`;
}

/** How many there are, in words. */
function countOf(all: number, open: number): string {
  if (all === 0) return '还没有';
  return open > 0 ? `${open} 条未处理` : `${all} 条，都已处理`;
}
