// Publishes a folder and draws its posters in a separate process: node drawing-host.ts ARGUMENTS
// (started-publisher.ts).
import { startedPublisher } from './started-publisher.ts';

const publisher = await startedPublisher();
await publisher.publish();
// Prints a line after each poster, so that the test that kills this process knows how many are drawn.
await publisher.drawPosters({ workers: 1, onDrawn: (done) => void process.stdout.write(`${done}\n`) });
await publisher.close();
