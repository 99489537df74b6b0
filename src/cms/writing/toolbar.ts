import { Component, createElement as h, createRef, type KeyboardEvent, type MouseEvent, type ReactNode } from 'react';
import type { Command } from 'prosemirror-state';
import type { FormatState } from './surface/format-state.ts';
import { TOOLS, toolsFor, type DialogName, type Tool } from './tools.ts';

interface ToolbarProps {
  format: FormatState;
  /** Id of the element that the tools change. */
  controls: string;
  /** Returns whether a command can be run now. */
  canRun(command: Command): boolean;
  onRun(command: Command): void;
  onOpen(dialog: DialogName): void;
}

interface ToolbarState {
  /** Name of the tool that the Tab key reaches. The arrow keys move between tools. */
  current: string;
}

/** The buttons above the text: one stop of the Tab key, moved through with arrow keys (WAI-ARIA, Toolbar Pattern). */
export class Toolbar extends Component<ToolbarProps, ToolbarState> {
  override state: ToolbarState = { current: TOOLS[0]?.name ?? '' };
  readonly #bar = createRef<HTMLDivElement>();

  get #tools(): readonly Tool[] {
    return [...TOOLS, ...toolsFor(this.props.format.active)];
  }

  #move(event: KeyboardEvent): void {
    const names = this.#tools.map(({ name }) => name);
    const at = names.indexOf(this.state.current);
    const last = names.length - 1;
    const targets: Partial<Record<string, number>> = {
      ArrowRight: at === last ? 0 : at + 1,
      ArrowLeft: at <= 0 ? last : at - 1,
      Home: 0,
      End: last,
    };
    const target = targets[event.key];
    if (target === undefined) return;
    event.preventDefault();
    this.#bar.current?.querySelectorAll('button')[target]?.focus();
  }

  #use({ action }: Tool): void {
    const { onRun, onOpen, canRun } = this.props;
    if (typeof action === 'string') onOpen(action);
    else if (canRun(action)) onRun(action);
  }

  #button(tool: Tool, current: string): ReactNode {
    const { format, canRun } = this.props;
    const { name, label, title, action } = tool;
    return h(
      'button',
      {
        key: name,
        type: 'button',
        title,
        'aria-label': title,
        'data-tool': name,
        tabIndex: name === current ? 0 : -1,
        'aria-pressed': tool.format === undefined ? undefined : format.active.has(tool.format),
        'aria-disabled': typeof action !== 'string' && !canRun(action),
        'aria-haspopup': typeof action === 'string' ? 'dialog' : undefined,
        // Otherwise a press would take the focus, and on a phone the keyboard, away from the text.
        onMouseDown: (event: MouseEvent) => event.preventDefault(),
        onFocus: () => this.setState({ current: name }),
        onClick: () => this.#use(tool),
      },
      label,
    );
  }

  override render(): ReactNode {
    const { format, controls } = this.props;
    const tools = this.#tools;
    const current = tools.some(({ name }) => name === this.state.current) ? this.state.current : (tools[0]?.name ?? '');
    const special = toolsFor(format.active);
    return h(
      'div',
      {
        ref: this.#bar,
        className: 'writing-bar',
        role: 'toolbar',
        'aria-label': '排版',
        'aria-controls': controls,
        onKeyDown: (event: KeyboardEvent) => this.#move(event),
      },
      h(
        'div',
        null,
        TOOLS.map((tool) => this.#button(tool, current)),
      ),
      special.length === 0
        ? null
        : h(
            'div',
            null,
            special.map((tool) => this.#button(tool, current)),
          ),
    );
  }
}
