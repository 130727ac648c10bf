import * as z from "zod";
import { errors, type ErrorCode } from "../errors.js";

const codes = Object.keys(errors) as [ErrorCode, ...ErrorCode[]];

const detailsSchema = z
  .record(z.string(), z.unknown())
  .optional()
  .meta({ description: "Facts for a program" });

/** Why a run or step failed, as it is stored. */
export const problemSchema = z
  .object({ code: z.enum(codes), message: z.string(), details: detailsSchema })
  .meta({ id: "Problem", description: "Why something failed" });

/** The body of every answer with a status of 400 and more. */
export const errorAnswerSchema = z
  .object({
    error: z.string().meta({ description: "What happened, and what to do next" }),
    code: z.enum(codes),
    details: detailsSchema,
    requestId: z.string().meta({ description: "Also in the server's log" }),
  })
  .meta({ id: "Error", description: "Why a request was refused" });

/** Why a request was refused. */
export type ErrorAnswer = z.infer<typeof errorAnswerSchema>;
