import * as z from 'zod';

/** What an answer has to fulfil besides being good, read from the prompt's requirements. */
export type Requirements = {
  /** A JSON value rather than text. */
  json: boolean;
  schema?: JsonSchema;
  contains: string[];
  min?: number;
  max?: number;
};

/** The part of JSON Schema that the simulator can write values for. */
export type JsonSchema = {
  type?: string | undefined;
  const?: unknown;
  enum?: unknown[] | undefined;
  properties?: Record<string, JsonSchema> | undefined;
  required?: string[] | undefined;
  items?: JsonSchema | undefined;
  minItems?: number | undefined;
  minimum?: number | undefined;
  maximum?: number | undefined;
  minLength?: number | undefined;
  maxLength?: number | undefined;
  pattern?: string | undefined;
  format?: string | undefined;
};

const jsonSchema: z.ZodType<JsonSchema> = z.lazy(() =>
  z.object({
    type: z.union([z.string(), z.array(z.string()).transform(([first]) => first)]).optional(),
    const: z.unknown().optional(),
    enum: z.array(z.unknown()).optional(),
    properties: z.record(z.string(), jsonSchema).optional(),
    required: z.array(z.string()).optional(),
    items: jsonSchema.optional(),
    minItems: z.number().optional(),
    minimum: z.number().optional(),
    maximum: z.number().optional(),
    minLength: z.number().optional(),
    maxLength: z.number().optional(),
    pattern: z.string().optional(),
    format: z.string().optional(),
  }),
);

/** Understands what the engine writes there; whatever else stands there is passed over. */
export function readRequirements(section: string): Requirements {
  const schema = parsed(/fits this JSON Schema: (\{.*\})$/m.exec(section)?.[1]);
  const min = /\b(?:at least (\d+)|has (\d+) to \d+) characters/.exec(section);
  const max = /\b(?:at most (\d+)|\d+ to (\d+)) characters/.exec(section);
  const read = jsonSchema.safeParse(schema);
  return {
    json: schema !== undefined || /\bvalid JSON\b/.test(section),
    contains: [...section.matchAll(/^- The answer contains (".*")\.$/gm)].flatMap(([, text]) => {
      const value = parsed(text);
      return typeof value === 'string' ? [value] : [];
    }),
    ...(schema !== undefined && read.success ? { schema: read.data } : {}),
    ...(min === null ? {} : { min: Number(min[1] ?? min[2]) }),
    ...(max === null ? {} : { max: Number(max[1] ?? max[2]) }),
  };
}

function parsed(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}
