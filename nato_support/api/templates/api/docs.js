"use strict";

// Swagger UI parses a document as YAML and works through all of it whenever an operation is opened. Ours is JSON, and its
// references lead nowhere but into itself: they are followed from what is opened, and only from there.
const target = (document, reference) =>
  reference.slice(2).split("/").reduce((place, step) => place[step.replaceAll("~1", "/").replaceAll("~0", "~")], document);

// One object in place of those that it is made up of.
const merged = ({ allOf: parts, ...own }) =>
  [...parts, own].reduce((whole, part) => ({
    ...whole,
    ...part,
    properties: { ...whole.properties, ...part.properties },
    required: [...(whole.required ?? []), ...(part.required ?? [])],
  }), {});

const followed = (document, value) => {
  if (Array.isArray(value)) return value.map((item) => followed(document, item));
  if (value === null || typeof value !== "object") return value;
  const { $ref: reference, ...members } = value;
  const own = Object.fromEntries(Object.entries(members).map(([name, member]) => [name, followed(document, member)]));
  if (reference) return { ...followed(document, target(document, reference)), $$ref: reference, ...own };
  return Array.isArray(own.allOf) ? merged(own) : own;
};

const QuickReferences = () => ({
  fn: {
    resolveSubtree: async (document, path) => ({
      spec: followed(document, path.reduce((place, step) => place?.[step], document)),
      errors: [],
    }),
  },
  statePlugins: {
    spec: {
      wrapActions: {
        parseToJson: (original, system) => (text) =>
          system.specActions.updateJsonSpec(JSON.parse(text || system.specSelectors.specStr())),
      },
    },
  },
});

SwaggerUIBundle({
  url: "{{ schema_url|escapejs }}",
  dom_id: "#swagger-ui",
  presets: [SwaggerUIBundle.presets.apis],
  plugins: [QuickReferences],
  layout: "BaseLayout",
  ...{{ settings|safe }},
});
