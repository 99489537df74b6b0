// The program of a DrawingWorker: draws posters, one at a time, at low priority.
import sharp from 'sharp';
import { lowerPriority } from '../photo/workers/lower-priority.ts';
import { Drawing } from './drawing.ts';
import { isDrawingJob, type DrawingResult, type DrawingJob } from './drawing-job.ts';

lowerPriority();
sharp.concurrency(1);
sharp.cache(false);
// As in worker-process.ts: only the host decides when this process exits, so the signals of Ctrl+C and of a service
// manager are ignored. If the host exits, the process kills itself.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => undefined);
process.once('disconnect', () => process.kill(process.pid, 'SIGKILL'));

const started = Drawing.load();
void started.catch(() => undefined);

async function run({ facts, photo }: DrawingJob): Promise<DrawingResult> {
  return (await started).draw(facts, photo);
}

process.on('message', (message) => {
  if (!isDrawingJob(message)) return;
  void run(message)
    .catch((error: unknown): DrawingResult => ({ failed: error instanceof Error ? error.message : String(error) }))
    .then((result) => process.send?.(result));
});
