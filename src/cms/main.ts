import { DecapCmsWidgetBoolean } from 'decap-cms-widget-boolean';
import { DecapCmsWidgetList } from 'decap-cms-widget-list';
import { DecapCmsWidgetMarkdown } from 'decap-cms-widget-markdown';
import { DecapCmsWidgetNumber } from 'decap-cms-widget-number';
import { DecapCmsWidgetObject } from 'decap-cms-widget-object';
import { DecapCmsWidgetSelect } from 'decap-cms-widget-select';
import { DecapCmsWidgetString } from 'decap-cms-widget-string';
import { collections } from '../model/collections/collections.ts';
import { collectionNames } from '../model/fields/collection-names.ts';
import './look/decap.css';
import './look/controls.css';
import './look/photos.css';
import './look/notes.css';
import './look/phone.css';
import './look/roles.css';
import { UnionBackend } from './backend/backend.ts';
import { bodyControl, type StockControl } from './widgets/body.ts';
import { decapConfig, formatName, PAGED } from './decap/config.ts';
import { DayControl } from './widgets/date.ts';
import { changeReducer, cms, history } from './decap.ts';
import { EntriesControl, EntryControl } from './widgets/reference.ts';
import { entryFormat } from './decap/entry-format.ts';
import { keepFaultNotifications } from './decap/fault-notifications.ts';
import { IdControl, KeyControl, YearControl } from './widgets/fixed-value-controls.ts';
import { LineControl, LinesControl } from './widgets/line-controls.ts';
import { english, chinese } from './decap/locale.ts';
import { withoutDeskFields } from './decap/new-entry.ts';
import { loadCurrentEditor, currentEditor } from './backend/current-editor.ts';
import { showToast } from './backend/toast.ts';
import { CommentsControl } from './comments/comments-widget.ts';
import { PhotosControl } from './photos/photos-widget.ts';
import { previewOf } from './preview/preview.ts';
import { loadSiteSettings } from './backend/site-settings.ts';
import { leaveListsForDesk } from './decap/leave-for-desk.ts';

/** Returns whether a control that Decap registered is a React component, which can be wrapped. */
function isStock(control: unknown): control is StockControl {
  return typeof control === 'function';
}

/**
 * Registers the widgets of Decap that the model uses, and our own widgets.
 * @throws if Decap has no Markdown control.
 */
function registerWidgets(): void {
  for (const { Widget } of [
    DecapCmsWidgetBoolean,
    DecapCmsWidgetList,
    DecapCmsWidgetMarkdown,
    DecapCmsWidgetNumber,
    DecapCmsWidgetObject,
    DecapCmsWidgetSelect,
    DecapCmsWidgetString,
  ]) {
    cms.registerWidget(Widget());
  }
  const stock = cms.getWidget('markdown')?.control;
  if (!isStock(stock)) throw new Error('Decap has no Markdown control.');
  const own = {
    id: IdControl,
    key: KeyControl,
    year: YearControl,
    line: LineControl,
    lines: LinesControl,
    day: DayControl,
    entry: EntryControl,
    entries: EntriesControl,
    notes: CommentsControl,
    photos: PhotosControl,
    body: bodyControl(stock),
  };
  for (const [name, controlComponent] of Object.entries(own)) cms.registerWidget({ name, controlComponent });
}

/**
 * Configures Decap and opens the editor. The entry in localStorage makes Decap assume that somebody is signed in; the
 * desk checks the session.
 */
async function open(): Promise<void> {
  if (leaveListsForDesk(history)) return;
  localStorage.setItem('decap-cms-user', JSON.stringify({ backendName: 'union' }));
  // Load these first: fields and reference options depend on the editor and on the published entries.
  await Promise.all([loadCurrentEditor(), loadSiteSettings()]).catch((error: unknown) =>
    showToast({ kind: 'error', text: String(error) }),
  );
  cms.registerBackend('union', UnionBackend);
  cms.registerLocale('en', english);
  cms.registerLocale('zh_Hans', chinese);
  registerWidgets();
  for (const name of collectionNames) {
    const extension = collections[name].path.endsWith('.md') ? 'md' : 'yml';
    cms.registerCustomFormat(formatName(name), extension, entryFormat(name));
  }
  for (const name of PAGED) cms.registerPreviewTemplate(name, previewOf(name));
  cms.registerEventListener({ name: 'preSave', handler: ({ entry }) => withoutDeskFields(entry) });
  changeReducer(keepFaultNotifications);
  cms.init({ config: decapConfig(currentEditor()) });
}

void open();
