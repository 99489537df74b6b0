import { DecapCmsCore } from 'decap-cms-core';
// Import decap-cms-core first: it defines `global`, which the packages loaded by these modules need.
import createRootReducer from 'decap-cms-core/dist/esm/reducers/combinedReducer.js';
import { store } from 'decap-cms-core/dist/esm/redux/index.js';
import { history as routes } from 'decap-cms-core/dist/esm/routing/history.js';
import type { ComponentType } from 'react';
import type { DecapConfig } from './decap/config.ts';
import type { FormStore } from './store/form-store.ts';
import type { EntryMap } from './widgets/widget.ts';
import type { EntryFormat } from './decap/entry-format.ts';
import type { Reducer } from './decap/reducer.ts';
import type { PreviewProps } from './preview/preview.ts';

/** The functions of Decap's registry that this editor calls, with types that Decap's own declarations lack. */
interface Cms {
  init(options: { config: DecapConfig }): void;
  registerBackend(name: string, backend: new (config: object, options: object) => object): void;
  registerCustomFormat(name: string, extension: string, format: EntryFormat): void;
  registerEventListener(listener: { name: string; handler(event: { entry: EntryMap }): unknown }): void;
  registerLocale(name: string, phrases: object): void;
  registerPreviewTemplate(name: string, template: ComponentType<PreviewProps>): void;
  registerWidget(widget: object): void;
}

/**
 * Returns whether Decap's registry has some of the functions in `Cms`. Tests of the editor cover the others in the
 * pinned version.
 */
function isCms(registry: object): registry is Cms {
  return 'init' in registry && 'registerCustomFormat' in registry && 'registerPreviewTemplate' in registry;
}

function registryOf(core: object): Cms {
  if (isCms(core)) return core;
  throw new Error('decap-cms-core is not the version that this editor was written for.');
}

/** Decap's registry. `isCms` has checked that it has some of the functions that this editor calls. */
export const cms = registryOf(DecapCmsCore);

/** Decap's Redux store. */
export const formStore: FormStore = store;

/**
 * Replaces the reducer of Decap's Redux store. `change` gets Decap's own reducer and returns the new one. Decap has no
 * setting for this.
 */
export function changeReducer(change: (reduce: Reducer) => Reducer): void {
  store.replaceReducer(change(createRootReducer()));
}

/** The history of Decap's routes, which are the part of the URL after `#`. */
export const history = routes;
