// Types for packages of Decap that have none; declares only what this editor uses.

declare module 'decap-cms-backend-proxy' {
  export class ProxyBackend {
    constructor(config: object, options?: object);
    proxyUrl: string;
    branch: string;
    restoreUser(): Promise<object>;
    authenticate(): Promise<object>;
    logout(): unknown;
    authComponent(): unknown;
    request(payload: { action: string; params: Record<string, unknown> }): Promise<unknown>;
    getEntry(path: string): Promise<unknown>;
    unpublishedEntry(params: { id?: string; collection?: string; slug?: string }): Promise<unknown>;
    unpublishedEntryDataFile(collection: string, slug: string, path: string, id: string): Promise<unknown>;
    updateUnpublishedEntryStatus(collection: string, slug: string, newStatus: string): Promise<unknown>;
    publishUnpublishedEntry(collection: string, slug: string): Promise<unknown>;
    unpublishedEntries(): Promise<readonly string[]>;
    entriesByFolder(folder: string, extension: string, depth: number): Promise<readonly unknown[]>;
    entriesByFiles(files: readonly { path: string }[]): Promise<readonly unknown[]>;
    deleteFiles(paths: readonly string[], commitMessage: string): Promise<unknown>;
    deleteUnpublishedEntry(collection: string, slug: string): Promise<unknown>;
    persistEntry(
      entry: { dataFiles: readonly { path: string; slug: string; raw: string }[] },
      options: { collectionName: string; status?: string },
    ): Promise<unknown>;
    getMedia(): Promise<readonly unknown[]>;
  }
}

declare module 'decap-cms-core/dist/esm/components/Editor/EditorControlPane/EditorControl.js' {
  import type { Map } from 'immutable';
  import type { ComponentType } from 'react';

  type DecapMap = Map<string, unknown>;
  /** Decap's component for one field: label, control, hint and the sentences of refused saves. */
  const EditorControl: ComponentType<{
    field: DecapMap;
    value: unknown;
    collection: DecapMap;
    fieldsMetaData: DecapMap;
    fieldsErrors: DecapMap;
    isDisabled: boolean;
    isHidden: boolean;
    isFieldDuplicate(field: DecapMap): boolean;
    isFieldHidden(field: DecapMap): boolean;
    onChange(field: DecapMap, value: unknown, metadata: unknown): void;
    onValidate(id: string, errors: unknown): void;
    controlRef(control: unknown): void;
  }>;
  export default EditorControl;
}

declare module 'decap-cms-core/dist/esm/reducers/combinedReducer.js' {
  export default function createRootReducer(): (state: unknown, action: unknown) => unknown;
}

declare module 'decap-cms-core/dist/esm/components/UI/ErrorBoundary.js' {
  export class ErrorBoundary {
    props: { children?: import('react').ReactNode; showBackup?: boolean };
    state: { hasError: boolean; errorMessage: string };
    render(): import('react').ReactNode;
    shouldComponentUpdate(props: unknown, state: unknown): boolean;
    componentDidUpdate(): Promise<void>;
  }
}

declare module 'decap-cms-core/dist/esm/actions/entries.js' {
  /** Returns the action that sets a field of the form. `entries`: saved versions that decide whether it has changed. */
  export function changeDraftField(change: {
    field: object;
    value: unknown;
    metadata: undefined;
    entries: readonly object[];
  }): object;
}

declare module 'decap-cms-core/dist/esm/redux/index.js' {
  export const store: {
    replaceReducer(reducer: (state: unknown, action: unknown) => unknown): void;
    getState(): unknown;
    dispatch(action: object): unknown;
    subscribe(listener: () => void): () => void;
  };
}

declare module 'decap-cms-core/dist/esm/routing/history.js' {
  interface Route {
    pathname: string;
  }
  export const history: {
    location: Route;
    replace(pathname: string): void;
    listen(listener: (route: Route) => void): void;
  };
}

declare module 'decap-cms-lib-util' {
  export class EditorialWorkflowError extends Error {
    constructor(message: string, notUnderEditorialWorkflow: boolean);
  }
  /** The store in which Decap keeps data in the browser. */
  export const localForage: {
    getItem(key: string): Promise<unknown>;
    setItem(key: string, value: unknown): Promise<unknown>;
  };
}

declare module 'decap-cms-locales/dist/esm/*' {
  const phrases: object;
  export default phrases;
}

declare module 'decap-cms-widget-*' {
  /** A widget as Decap registers it, without the members that are not used here. */
  interface DecapWidget {
    name: string;
  }
  interface DecapWidgetModule {
    Widget(): DecapWidget;
  }
  export const DecapCmsWidgetList: DecapWidgetModule;
  export const DecapCmsWidgetObject: DecapWidgetModule;
  export const DecapCmsWidgetString: DecapWidgetModule;
}

declare module '*.css';
