export interface Hits {
  total: number;
  items: unknown[];
  facets: { name: string; buckets: unknown[] }[];
}

export async function search(text: string, options: { page: number; size: number }): Promise<Hits> {
  const from = (options.page - 1) * options.size;
  const response = await fetch(`${process.env.SEARCH_URL}/products/_search`, {
    method: "POST",
    body: JSON.stringify({ from, size: options.size, query: queryOf(text) }),
  });
  const body = await response.json();
  if (body.error) {
    throw new Error(`Search failed: ${body.error.root_cause[0].reason}`);
  }
  return { total: body.hits.total.value, items: body.hits.hits, facets: body.aggregations };
}

function queryOf(text: string) {
  const wildcard = new RegExp(text, "i");
  return { bool: { should: [{ match: { title: text } }, { regexp: { sku: wildcard.source } }] } };
}
