// Loaded before the desk of a drill (`node --import`): ends its process when the drill is killed, because the channel
// between them is then closed. Worker threads load it too, and have no channel.
import { isMainThread } from 'node:worker_threads';

if (isMainThread) {
  process.once('disconnect', () => process.exit(1));
  if (!process.connected) process.exit(1);
}
