import { bad, good, type Finding } from "./finding.js";

const least = { major: 20, minor: 19 };

/** Is this Node new enough? */
export function checkNode(version: string = process.versions.node): Finding {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  if (major > least.major || (major === least.major && minor >= least.minor)) return good("Node.js", version);
  return bad("Node.js", `${version} is too old`, `Install Node.js ${least.major}.${least.minor} or newer.`);
}
