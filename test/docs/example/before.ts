/** What has happened before some pages begin: their reader has MaxQ at work already. Run as if it stood at their beginning, and nothing else is. */
export const before: Readonly<Record<string, { readonly bash: string; readonly server?: string }>> = {
  "docs/cli.md": {
    // The example flows, and one whose first attempt is there to be aborted.
    bash: `
mkdir -p flows/nightly/steps/report
cp -r docs/examples/flows/. flows
echo '[ -n "$MAXQ_COMPLETED_STAGE" ] || echo '"'"'{"stage": "s", "final": true, "steps": [{"name": "report"}]}'"'" | sed '1i #!/bin/bash' > flows/nightly/flow.sh
printf '#!/bin/bash\\n[ "$MAXQ_ATTEMPT" -gt 1 ] || sleep 60\\n' > flows/nightly/steps/report/step.sh
chmod +x flows/nightly/flow.sh flows/nightly/steps/report/step.sh`,
    server: "maxq",
  },
  "docs/upgrading.md": { bash: "mkdir flows" },
  "docs/verify.md": { bash: "maxq migrate" },
};
