// The program of a drawing room: draws posters, one at a time, and lets everything else on the machine go first.
import sharp from 'sharp';
import { lowerPriority } from '../photo/workers/lower-priority.ts';
import { Drawing } from './drawing.ts';
import { isDrawingJob, type DrawingResult, type DrawingJob } from './drawing-job.ts';

lowerPriority();
sharp.concurrency(1);
sharp.cache(false);
// As a workshop's workers: the host says when they end, and they end with it.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => undefined);
process.once('disconnect', () => process.kill(process.pid, 'SIGKILL'));

const begun = Drawing.begin();
void begun.catch(() => undefined);

async function fulfil({ facts, photo }: DrawingJob): Promise<DrawingResult> {
  return (await begun).draw(facts, photo);
}

process.on('message', (message) => {
  if (!isDrawingJob(message)) return;
  void fulfil(message)
    .catch((error: unknown): DrawingResult => ({ failed: error instanceof Error ? error.message : String(error) }))
    .then((said) => process.send?.(said));
});
