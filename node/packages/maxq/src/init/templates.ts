/** Scripts by their path below the flow's directory. */
export type FlowFiles = Readonly<Record<string, string>>;

const greet = `#!/usr/bin/env bash
# A step: exit 0 is success, anything else is failure. MAXQ_SEQUENCE tells its instances apart.
set -euo pipefail

echo "Hello from instance $MAXQ_SEQUENCE of step $MAXQ_STEP_NAME"

# Lines key=value become fields of this step, which other steps can read.
echo "greeted=$MAXQ_SEQUENCE" >> "$MAXQ_OUTPUT"
`;

const sum = `#!/usr/bin/env bash
# Reads what other steps left. The answer is JSON; jq would do as well as grep.
set -euo pipefail

fields=$(curl -fsS --retry 5 --retry-connrefused -H "Authorization: Bearer $MAXQ_API_KEY" \\
  "$MAXQ_API/runs/$MAXQ_RUN_ID/fields?fieldName=greeted")

echo "$(grep -o '"greeted"' <<< "$fields" | wc -l) instances have greeted."
`;

const heading = `#!/usr/bin/env bash
# title: My flow
# description: Three greetings side by side, then their sum.
#
# MaxQ calls this script at the start of a run, and again after each stage: MAXQ_COMPLETED_STAGE names the last one that completed,
# MAXQ_FAILED_STAGE one that failed (a flow that does not look at it fails with its stage).
set -euo pipefail
`;

/** The two stages, each handed to `command`. */
function stages(command: string): string {
  return `case "$MAXQ_COMPLETED_STAGE" in
  "")
    ${command} << 'EOF'
{
  "stage": "greet",
  "steps": [{"name": "greet", "instances": 3}]
}
EOF
    ;;
  greet)
    ${command} << 'EOF'
{
  "stage": "sum",
  "steps": [{"name": "sum", "maxRetries": 2}],
  "final": true
}
EOF
    ;;
esac
`;
}

/** Says what comes next by printing it. */
export const stdoutFlow: FlowFiles = {
  "flow.sh": `${heading}
# The stage that this script prints last is run when it exits 0. What it prints before is log.
${stages("cat")}`,
  "steps/greet/step.sh": greet,
  "steps/sum/step.sh": sum,
};

/** Says what comes next by a request. */
export const httpFlow: FlowFiles = {
  "flow.sh": `${heading}
# -f makes curl fail when MaxQ refuses, so that this script fails too; --retry rides out a server that is just restarting.
schedule() {
  curl -fsS --retry 5 --retry-connrefused -X POST "$MAXQ_API/runs/$MAXQ_RUN_ID/steps" \\
    -H "Content-Type: application/json" -H "Authorization: Bearer $MAXQ_API_KEY" -d @-
}

${stages("schedule")}`,
  "steps/greet/step.sh": greet,
  "steps/sum/step.sh": sum,
};
