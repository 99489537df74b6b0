import { builtOnce, versionOfCode } from '../../render/compile/build-cache.ts';
import { runBuild } from '../../render/compile/build-process.ts';

/** The files and folders that the editor's bundle depends on, as paths below the project's root. */
const CODE = [
  'src/cms',
  'src/model',
  'src/writing',
  'src/word',
  'src/text',
  'src/photo',
  'src/search',
  'src/desk/api/build-editor.ts',
  'src/desk/api/form-in-decap.ts',
  'src/render/compile/promised-browsers.ts',
  'package-lock.json',
];

/**
 * Builds the editor of this version of the code in a folder below `folder`, unless it is there already. Deletes the
 * builds of other versions.
 * @returns the folder of the build, with `admin.html`, which is sent for `/admin/`, and `assets/`, whose file names
 * change with the files' content.
 */
export async function editorBundle(folder: string): Promise<string> {
  return builtOnce(folder, await versionOfCode(CODE), async (outDir) =>
    runBuild(new URL('./build-editor.ts', import.meta.url), outDir),
  );
}
