import type { RequestListener } from "node:http";
import { answerStarting, type App, type Handler } from "@maxq/http";
import type { Logger } from "pino";

/** What listens while the server starts: answers 503 until there is an app to hand requests to. */
export class Door implements Handler {
  #app: App | null = null;

  constructor(readonly logger: Logger) {}

  open(app: App): void {
    this.#app = app;
  }

  readonly express: RequestListener = (request, response) => {
    if (this.#app === null) answerStarting(request, response);
    else this.#app.express(request, response);
  };

  readonly endWaits = (): void => this.#app?.endWaits();
}
