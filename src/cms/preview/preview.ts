import { Component, createElement as h, createRef, type ReactNode } from 'react';
import { entryFile } from '../../model/entry-path.ts';
import type { CollectionName } from '../../model/fields/collection-names.ts';
import { textIn, type DecapMap, type EntryMap } from '../widgets/widget.ts';
import { entryFormat } from '../decap/entry-format.ts';
import { framedPage } from './framed-page.ts';
import { PreviewRequests } from './preview-request.ts';

/** The props that Decap passes to a preview; only those that are used here. */
export interface PreviewProps {
  entry: EntryMap;
}

interface PreviewState {
  html: string;
  error: string;
}

function dataOf(entry: EntryMap): DecapMap | undefined {
  const data: unknown = entry.get('data');
  return isDecapMap(data) ? data : undefined;
}

function isDecapMap(value: unknown): value is DecapMap {
  return typeof value === 'object' && value !== null && 'toJS' in value && 'get' in value;
}

const style: Record<string, React.CSSProperties> = {
  all: {
    position: 'absolute',
    inset: 0,
    display: 'flex',
    flexDirection: 'column',
    fontFamily: 'system-ui, sans-serif',
  },
  bar: {
    margin: 0,
    padding: '0 8px',
    display: 'flex',
    gap: 16,
    alignItems: 'center',
    minHeight: 44,
    background: '#f6f1e7',
  },
  error: { margin: 0, padding: 12, background: '#fdecea', color: '#8a1c12' },
  page: { flex: 1, border: 0, width: '100%', minHeight: 300, background: '#fff' },
};

/**
 * Returns the preview component of a collection. It shows the site's page for the entry as it is in the form, rendered
 * by the desk.
 */
export function previewOf(name: CollectionName): new (props: PreviewProps) => Component<PreviewProps> {
  const format = entryFormat(name);

  return class Preview extends Component<PreviewProps, PreviewState> {
    override state: PreviewState = { html: '', error: '' };
    readonly #frame = createRef<HTMLIFrameElement>();
    readonly #requests = new PreviewRequests((result) => {
      if ('error' in result) {
        this.setState({ error: result.error });
        return;
      }
      this.#top = this.#frame.current?.contentWindow?.scrollY ?? 0;
      this.setState({ html: result.html, error: '' });
    });
    /** How far the page was scrolled down, in CSS pixels; applied to the next version of the page. */
    #top = 0;

    override componentDidMount(): void {
      this.#request();
    }

    override componentDidUpdate(): void {
      this.#request();
    }

    override componentWillUnmount(): void {
      this.#requests.stop();
    }

    /** Path of the entry's file in the repository; undefined if fields that are part of the path are empty. */
    get #path(): string | undefined {
      const { entry } = this.props;
      const path = textIn(entry, 'path');
      if (path !== '') return path;
      const data = dataOf(entry);
      return entryFile(name, (parameter) => {
        const value = data?.get(parameter);
        return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
      });
    }

    #request(): void {
      const data = dataOf(this.props.entry)?.toJS();
      const path = this.#path;
      if (path !== undefined && data !== undefined) this.#requests.request(path, format.toFile(data));
    }

    override render(): ReactNode {
      const { html, error } = this.state;
      const missing = this.#path === undefined ? '填好单位、编号等栏目以后，这里会显示网页的样子。' : '';
      const sentence = missing || error;
      return h(
        'div',
        { style: style['all'], 'data-testid': 'preview' },
        h('p', { style: style['bar'] }, '网页预览'),
        sentence === '' ? null : h('p', { role: 'status', style: style['error'] }, sentence),
        h('iframe', {
          ref: this.#frame,
          title: '网页预览',
          sandbox: 'allow-same-origin',
          srcDoc: framedPage(html, location.origin),
          style: style['page'],
          onLoad: () => this.#frame.current?.contentWindow?.scrollTo(0, this.#top),
        }),
      );
    }
  };
}
