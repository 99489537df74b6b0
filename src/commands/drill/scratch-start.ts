// Runs `npm start` for a drill and ends with it: if the drill is killed, its channel to this process closes.
process.once('disconnect', () => process.exit(1));
if (!process.connected) process.exit(1);
await import('../start.ts');
