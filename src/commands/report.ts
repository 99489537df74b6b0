import { faultLine, type Fault } from '../model/fault.ts';
import type { Manifest } from '../desk/operations/backup-archive.ts';
import type { Collected } from '../photo/store/cache-eviction.ts';

/** Returns all faults of a run, each in one line, and a last line with their number. */
export function faultReport(faults: readonly Fault[]): string {
  const files = new Set(faults.map(({ file }) => file)).size;
  return [...faults.map((fault) => `✗ ${faultLine(fault)}`), `共 ${files} 个文件有 ${faults.length} 处问题。`].join(
    '\n',
  );
}

/**
 * Returns all remarks of a run, each in one line, and a last line with their number. Returns '' if there are no
 * remarks.
 */
export function remarkReport(remarks: readonly Fault[]): string {
  if (remarks.length === 0) return '';
  return [...remarks.map((remark) => `⚠ ${faultLine(remark)}`), `共 ${remarks.length} 处提醒。`].join('\n');
}

/**
 * Returns a function that prints the progress of a long step. On a terminal it rewrites one line, at most every 100 ms;
 * elsewhere it prints a line, at most every 3 s.
 */
export function progressLine(step: string): (done: number, total: number) => void {
  let shown = 0;
  return (done, total) => {
    const now = performance.now();
    if (done < total && now - shown < (process.stdout.isTTY ? 100 : 3000)) return;
    shown = now;
    const line = `${step} ${done}/${total}`;
    if (process.stdout.isTTY) process.stdout.write(`\r${line}${done === total ? '\n' : ''}`);
    else console.log(line);
  };
}

/** Returns a line about the encoded photos that were deleted, or undefined if none were. */
export function collectedLine({ photos, parts }: Collected): string | undefined {
  if (parts === 0) return undefined;
  return `清理了长期不用的照片编码：${parts} 份，其中 ${photos} 张照片已全部清除；再用到时会自动重做。`;
}

/** Returns a line that says what a backup contains. */
export function savedLine({ counts }: Manifest): string {
  const { entries, drafts, uploads } = counts;
  return `已发布的内容 ${entries} 篇，草稿 ${drafts} 篇，上传的照片 ${uploads} 张。`;
}

/** Returns a warning that the poster at the path `address` shows “〓” instead of characters that its typeface lacks. */
export function missingLine(address: string, characters: readonly string[]): string {
  return `⚠ ${address}：海报的字体里没有“${characters.join('”“')}”，用“〓”代替。`;
}
