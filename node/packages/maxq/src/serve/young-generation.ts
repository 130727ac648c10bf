import { setFlagsFromString } from "node:v8";

/**
 * While a program loads, nearly all that it allocates stays. V8's young generation, which doubles by default as long as much survives, would only copy it, and keep
 * 10 MB of memory for good. This flag is looked at each time it might grow, in V8 11 to 13 (Node 20 to 24).
 */
export function holdYoungGeneration(): void {
  setFlagsFromString("--semi-space-growth-factor=1");
}

/** With the default again: what work allocates is soon garbage. */
export function releaseYoungGeneration(): void {
  setFlagsFromString("--semi-space-growth-factor=2");
}
