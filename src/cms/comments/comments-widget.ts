import { createElement as h, type ReactNode } from 'react';
import { Control, textIn, type ControlProps } from '../widgets/widget.ts';
import {
  addComment,
  deleteComment,
  commentsOn,
  onComments,
  updateComment,
  type EntryComment,
  type CommentPlace,
} from './comment-client.ts';
import { CommentField } from './comment-field.ts';
import { CommentItem } from './comment-item.ts';
import { keepUnsentComment, unsentComment } from './unsent-comments.ts';

interface CommentsState {
  /** The comments on the entry; undefined until the desk has sent them. */
  comments: readonly EntryComment[] | undefined;
  busy: boolean;
  /** Sentence about what failed and why; empty if nothing failed. */
  error: string;
}

const BLANK: CommentsState = { comments: undefined, busy: false, error: '' };

/**
 * The comments of author and reviewers on an entry, above its form. They are not part of the entry: Decap's
 * configuration lists them as a field (config.ts) that never gets a value. Decap's own notes pane is not used: it hides
 * the preview, shows neither who returned an entry nor how many notes are open, and loses typed text that was not
 * saved.
 */
export class CommentsControl extends Control<CommentsState> {
  override state = BLANK;
  #shown = '';
  #unmounted = false;
  #stop: (() => void) | undefined;

  /** The entry that is shown; undefined if it was never saved and so has no comments. */
  get #place(): CommentPlace | undefined {
    const entry = this.props.getEntry();
    const collection = textIn(entry, 'collection') || textIn(this.props.collection, 'name');
    const slug = textIn(entry, 'slug');
    return entry === undefined || entry.get('newRecord') === true || slug === '' ? undefined : { collection, slug };
  }

  override componentDidMount(): void {
    document.addEventListener('visibilitychange', this.#onVisible);
    this.#stop = onComments(() => void this.#load());
    this.#loadIfChanged();
  }

  override componentDidUpdate(_before: ControlProps): void {
    this.#loadIfChanged();
  }

  override componentWillUnmount(): void {
    this.#unmounted = true;
    document.removeEventListener('visibilitychange', this.#onVisible);
    this.#stop?.();
  }

  /** Loads the comments again when the browser tab becomes visible. */
  readonly #onVisible = (): void => {
    if (document.visibilityState === 'visible') void this.#load();
  };

  /** Loads the comments if the entry that is shown has changed. */
  #loadIfChanged(): void {
    const shown = keyOf(this.#place);
    if (shown === this.#shown) return;
    this.#shown = shown;
    this.setState(BLANK);
    void this.#load();
  }

  #isShown(place: CommentPlace): boolean {
    return !this.#unmounted && keyOf(place) === keyOf(this.#place);
  }

  async #load(): Promise<void> {
    const place = this.#place;
    if (place === undefined) return;
    try {
      const comments = await commentsOn(place);
      if (this.#isShown(place)) this.setState({ comments, error: '' });
    } catch (error) {
      if (this.#isShown(place)) this.setState({ error: `批注没有取到：${String(error)}` });
    }
  }

  /**
   * Runs a change of the comments and loads them again. Resolves to true if the change was made; otherwise shows
   * `failure` with the reason.
   */
  async #change(failure: string, run: (place: CommentPlace) => Promise<void>): Promise<boolean> {
    const place = this.#place;
    if (place === undefined) return false;
    this.setState({ busy: true, error: '' });
    try {
      await run(place);
      await this.#load();
      return true;
    } catch (error) {
      if (this.#isShown(place)) this.setState({ error: `${failure}：${String(error)}` });
      return false;
    } finally {
      if (!this.#unmounted) this.setState({ busy: false });
    }
  }

  async #add(text: string): Promise<boolean> {
    return this.#change('批注没有添加', async (place) => addComment(place, text));
  }

  #item(comment: EntryComment): ReactNode {
    const { id } = comment;
    return h(CommentItem, {
      key: id,
      comment,
      busy: this.state.busy,
      onResolve: (resolved) => void this.#change('批注没有改', async (place) => updateComment(place, id, { resolved })),
      onChange: async (content) => this.#change('批注没有改', async (place) => updateComment(place, id, { content })),
      onDelete: () => {
        if (!window.confirm('确定删除这条批注吗？')) return;
        void this.#change('批注没有删除', async (place) => deleteComment(place, id));
      },
    });
  }

  #error(): ReactNode {
    const { error, busy } = this.state;
    return h(
      'div',
      { role: 'alert', className: 'note-trouble' },
      error === '' ? null : h('p', null, error),
      error.startsWith('批注没有取到')
        ? h('button', { type: 'button', disabled: busy, onClick: () => void this.#load() }, '再取一次')
        : null,
    );
  }

  override render(): ReactNode {
    const place = this.#place;
    if (place === undefined) return h('div', { className: 'notes' });
    const { comments = [], busy } = this.state;
    const key = keyOf(place);
    const isOpenReturn = ({ kind, resolved }: EntryComment): boolean => kind === 'returned' && !resolved;
    const openReturns = comments.filter(isOpenReturn);
    const others = comments.filter((comment) => !isOpenReturn(comment));
    const open = comments.filter(({ resolved }) => !resolved).length;
    return h(
      'section',
      { className: 'notes', 'aria-label': '批注', 'data-testid': 'notes', 'data-entry': key },
      openReturns.length > 0
        ? h(
            'ul',
            null,
            [...openReturns].reverse().map((comment) => this.#item(comment)),
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
            this.state.comments === undefined ? '' : countOf(comments.length, open),
          ),
        ),
        h(
          'ul',
          null,
          others.map((comment) => this.#item(comment)),
        ),
        h(CommentField, {
          label: '写批注（作者和审核人都能看到，读者看不到）',
          initial: unsentComment(key),
          action: '添加批注',
          busy,
          onType: (text) => keepUnsentComment(key, text),
          onSend: async (text) => this.#add(text),
        }),
      ),
      this.#error(),
    );
  }
}

function keyOf(place: CommentPlace | undefined): string {
  return place === undefined ? '' : `${place.collection}/${place.slug}`;
}

/** Returns the number of unresolved comments in Chinese; if none is unresolved, the number of all comments. */
function countOf(all: number, open: number): string {
  if (all === 0) return '还没有';
  return open > 0 ? `${open} 条未处理` : `${all} 条，都已处理`;
}
