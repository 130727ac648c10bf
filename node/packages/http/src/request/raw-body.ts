import express, { type Request, type RequestHandler, type Response } from "express";

/** Reads a request's body, decompressed, up to a number of bytes. Undefined if there is none; rejects with what body-parser throws. */
export type ReadBody = (request: Request, response: Response) => Promise<Buffer | undefined>;

/** A reader of bodies that refuses more than `limitBytes`. */
export function bodyReader(limitBytes: number): ReadBody {
  const parse: RequestHandler = express.raw({ type: () => true, limit: limitBytes });
  return (request, response) =>
    new Promise((resolve, reject) => {
      parse(request, response, (error?: unknown) => {
        if (error !== undefined)
          reject(error instanceof Error ? error : new Error("The body could not be read"));
        else resolve(Buffer.isBuffer(request.body) ? request.body : undefined);
      });
    });
}
