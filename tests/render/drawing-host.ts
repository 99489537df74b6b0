// Publishes a folder and draws its posters in a separate process: node drawing-host.ts, arguments in
// started-publisher.ts
import { startedPublisher } from './started-publisher.ts';

const publisher = await startedPublisher();
await publisher.publish();
// One line per poster: the test that kills this process sees how far it got.
await publisher.drawPosters({ workers: 1, onDrawn: (done) => void process.stdout.write(`${done}\n`) });
await publisher.close();
