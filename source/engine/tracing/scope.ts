import packageJson from '../../../package.json' with { type: 'json' };

/** Under which everything is reported, and by which version of the conventions for generative AI. */
export const scope = {
  name: 'multi-llm-orchestrator',
  version: packageJson.version,
  schemaUrl: 'https://opentelemetry.io/schemas/gen-ai/1.42.0',
} as const;
