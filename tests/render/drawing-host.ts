// Publishes a folder and draws its posters, as a process of its own: node drawing-host.ts, see started-publisher.ts
import { startedPublisher } from './started-publisher.ts';

const publisher = await startedPublisher();
await publisher.publish();
// One line a poster: whoever kills this process knows how far it was.
await publisher.drawPosters({ hands: 1, onDrawn: (done) => void process.stdout.write(`${done}\n`) });
await publisher.close();
