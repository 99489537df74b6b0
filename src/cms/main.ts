import { localForage } from 'decap-cms-lib-util';
import { DecapCmsWidgetList } from 'decap-cms-widget-list';
import { DecapCmsWidgetObject } from 'decap-cms-widget-object';
import { DecapCmsWidgetString } from 'decap-cms-widget-string';
import { collections } from '../model/collections/collections.ts';
import { collectionNames } from '../model/fields/collection-names.ts';
import '../styles/colours.css';
import './look/decap.css';
import './look/controls.css';
import './look/form.css';
import './look/photos.css';
import './look/notes.css';
import './look/phone.css';
import './look/roles.css';
import './unsaved/unsaved.css';
import './look/word.css';
import { UnionBackend } from './backend/backend.ts';
import { decapConfig, formatName, PAGED } from './decap/config.ts';
import { ChoiceControl, FlagControl, PeriodControl } from './widgets/choice.ts';
import { DayControl } from './widgets/date.ts';
import { FigureControl } from './widgets/figure.ts';
import { changeReducer, cms, formStore, history } from './decap.ts';
import { EntriesControl, EntryControl } from './widgets/reference.ts';
import { entryFormat } from './decap/entry-format.ts';
import { keepFaultNotifications } from './decap/fault-notifications.ts';
import { IdControl, KeyControl, YearControl } from './widgets/fixed-value-controls.ts';
import { LineControl, LinesControl } from './widgets/line-controls.ts';
import { english, chinese } from './decap/locale.ts';
import { startNewEntries, withoutDeskFields } from './decap/new-entry.ts';
import { loadCurrentEditor, currentEditor } from './backend/current-editor.ts';
import { showToast } from './backend/toast.ts';
import { CommentsControl } from './comments/comments-widget.ts';
import { PhotosControl } from './photos/photos-widget.ts';
import { previewOf } from './preview/preview.ts';
import { showPreviewOnDemand } from './preview/preview-pane.ts';
import { loadSiteSettings } from './backend/site-settings.ts';
import { BodyControl } from './writing/body-control.ts';
import { leaveListsForDesk } from './decap/leave-for-desk.ts';
import { connectForm } from './store/form-store.ts';
import { trackOpened } from './store/opened-form.ts';
import { loadContact } from './unsaved/contact.ts';
import { markBlankForm } from './unsaved/blank-form.ts';
import { replaceCrashPage } from './unsaved/crash-boundary.ts';
import { turnOffDecapBackup } from './unsaved/decap-backup.ts';
import { keepUnsavedWork } from './unsaved/keeper.ts';
import { UnsavedControl } from './unsaved/unsaved-control.ts';
import { keepGuesses } from './word/guess-comment.ts';
import { marked } from './word/marked-control.ts';
import { WordControl } from './word/word-control.ts';
import { watchForm } from './word/word-watch.ts';

/** Registers the widgets of Decap that the model uses, and our own widgets. */
function registerWidgets(): void {
  for (const { Widget } of [DecapCmsWidgetList, DecapCmsWidgetObject, DecapCmsWidgetString]) {
    cms.registerWidget(Widget());
  }
  const own = {
    id: IdControl,
    key: KeyControl,
    year: YearControl,
    figure: FigureControl,
    choice: ChoiceControl,
    flag: FlagControl,
    period: PeriodControl,
    line: marked(LineControl),
    lines: marked(LinesControl),
    day: marked(DayControl),
    entry: marked(EntryControl),
    entries: EntriesControl,
    notes: CommentsControl,
    unsaved: UnsavedControl,
    word: WordControl,
    photos: marked(PhotosControl),
    body: marked(BodyControl),
  };
  for (const [name, controlComponent] of Object.entries(own)) cms.registerWidget({ name, controlComponent });
}

/**
 * Configures Decap and opens the editor. The entry in localStorage makes Decap assume that somebody is signed in; the
 * desk checks the session.
 */
async function open(): Promise<void> {
  if (leaveListsForDesk(history)) return;
  showPreviewOnDemand();
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
  cms.registerEventListener({ name: 'postSave', handler: async ({ entry }) => keepGuesses(entry) });
  changeReducer((reduce) => trackOpened(startNewEntries(keepFaultNotifications(reduce))));
  connectForm(formStore);
  turnOffDecapBackup(localForage);
  replaceCrashPage();
  keepUnsavedWork();
  markBlankForm();
  cms.init({ config: decapConfig(currentEditor()) });
  watchForm();
  void loadContact();
}

void open();
