import { faultLine, type Fault } from '../model/fault.ts';
import type { Manifest } from '../desk/operations/archive.ts';
import type { Collected } from '../photo/store/cache-eviction.ts';

/** All faults of a run, one a line, and how many there are. */
export function faultReport(faults: readonly Fault[]): string {
  const files = new Set(faults.map(({ file }) => file)).size;
  return [...faults.map((fault) => `✗ ${faultLine(fault)}`), `共 ${files} 个文件有 ${faults.length} 处问题。`].join(
    '\n',
  );
}

/** All remarks of a run, one a line, and how many there are; nothing where there are none. */
export function remarkReport(remarks: readonly Fault[]): string {
  if (remarks.length === 0) return '';
  return [...remarks.map((remark) => `⚠ ${faultLine(remark)}`), `共 ${remarks.length} 处提醒。`].join('\n');
}

/** Shows how far a long step is: on a terminal in one line, elsewhere now and then. */
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

/** What was cleared away of encoded photos; undefined: nothing. */
export function collectedLine({ photos, parts }: Collected): string | undefined {
  if (parts === 0) return undefined;
  return `清理了长期不用的照片编码：${parts} 份，其中 ${photos} 张照片已全部清除；再用到时会自动重做。`;
}

/** What a backup holds. */
export function savedLine({ counts }: Manifest): string {
  const { entries, drafts, uploads } = counts;
  return `已发布的内容 ${entries} 篇，草稿 ${drafts} 篇，上传的照片 ${uploads} 张。`;
}

/** What a poster shows a mark for. */
export function missingLine(address: string, characters: readonly string[]): string {
  return `⚠ ${address}：海报的字体里没有“${characters.join('”“')}”，用“〓”代替。`;
}
