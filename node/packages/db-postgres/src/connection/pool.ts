import pg from "pg";
import { Client } from "./client.js";
import { clientConfig, setUpSession, type ConnectionOptions } from "./config.js";
import type { Connections } from "./connections.js";

/** A pool whose clients survive the death of their backends: without a listener of its own, an `error` event of any of them would end the process. */
export function createPool(options: ConnectionOptions, size: number, connections: Connections): pg.Pool {
  const pool = new pg.Pool({
    ...clientConfig(options),
    max: size,
    idleTimeoutMillis: 60_000,
    Client: class extends Client {
      constructor(config: pg.ClientConfig = {}) {
        super(config, connections);
      }
    },
    // The pool waits for it, whatever its types say.
    // eslint-disable-next-line @typescript-eslint/no-misused-promises
    onConnect: (client) => {
      client.on("error", ignore);
      return setUpSession(client, options);
    },
  });
  pool.on("error", ignore);
  return pool;
}

/** Ends the pool's idle connections, so that another can have their place. Never rejects. */
export async function giveUpIdle(pool: pg.Pool): Promise<void> {
  try {
    while (pool.idleCount > 0) (await pool.connect()).release(true);
  } catch {
    // Somebody else took the last idle one, and there was no other.
  }
}

// Whoever uses the client next is told by its own query.
function ignore(): void {
  return;
}
