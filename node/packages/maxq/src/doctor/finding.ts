/** What one check found. */
export type Finding =
  | { readonly reason: "good"; readonly subject: string; readonly message: string }
  /** Works, but somebody should know. */
  | { readonly reason: "warning"; readonly subject: string; readonly message: string; readonly cure: string }
  /** Keeps MaxQ, or a flow, from working. */
  | { readonly reason: "problem"; readonly subject: string; readonly message: string; readonly cure: string };

export function good(subject: string, message: string): Finding {
  return { reason: "good", subject, message };
}

export function warning(subject: string, message: string, cure: string): Finding {
  return { reason: "warning", subject, message, cure };
}

export function bad(subject: string, message: string, cure: string): Finding {
  return { reason: "problem", subject, message, cure };
}

/** One or two lines for people. */
export function formatFinding(finding: Finding): string {
  const signs = { good: "✔", warning: "!", problem: "✘" } as const;
  const line = `${signs[finding.reason]} ${finding.subject}: ${finding.message}`;
  return finding.reason === "good" ? line : `${line}\n    → ${finding.cure}`;
}
