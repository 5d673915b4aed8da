-- Attaches the server to the file that is open, and writes what Neovim makes of its answers as JSON.
-- The environment says which server, what to ask about, and where to write.
local asked = vim.json.decode(vim.env.ASKED)
local buffer = vim.api.nvim_get_current_buf()
local told = { problems = {}, definition = {} }

local function finish()
  local file = io.open(vim.env.TOLD, "w")
  file:write(vim.json.encode(told))
  file:close()
  vim.cmd("qall!")
end

local client = vim.lsp.start_client({
  name = "archcalc",
  cmd = asked.command,
  on_error = function(code, error) told.error = { code, error } end,
})
vim.lsp.buf_attach_client(buffer, client)
assert(vim.wait(asked.patience, function() return #vim.diagnostic.get(buffer) > 0 end, 20))
for _, found in ipairs(vim.diagnostic.get(buffer)) do
  table.insert(told.problems, { found.lnum, found.col, found.code, found.severity })
end

local function request(method, place, more)
  local at = { line = place[1], character = place[2] }
  local params = { textDocument = vim.lsp.util.make_text_document_params(buffer), position = at }
  params = vim.tbl_extend("force", params, more or {})
  local answers = assert(vim.lsp.buf_request_sync(buffer, method, params, asked.patience))
  local answer = answers[client]
  assert(not answer.err, vim.inspect(answer.err))
  return answer.result
end

local hover = request("textDocument/hover", asked.hover)
told.hover = vim.lsp.util.convert_input_to_markdown_lines(hover.contents)
local places = request("textDocument/definition", asked.definition)
for _, item in ipairs(vim.lsp.util.locations_to_items(places, "utf-16")) do
  table.insert(told.definition, { item.lnum - 1, item.col - 1 })
end
vim.lsp.util.jump_to_location(places[1], "utf-16")
told.cursor = vim.api.nvim_win_get_cursor(0)

vim.lsp.util.apply_workspace_edit(
  request("textDocument/rename", asked.rename, { newName = asked.name }), "utf-16")
told.renamed = vim.api.nvim_buf_get_lines(buffer, 0, -1, false)

-- A mistake that is mended takes its diagnostic away.
for number, line in ipairs(told.renamed) do
  vim.api.nvim_buf_set_lines(buffer, number - 1, number, false, { (line:gsub(asked.wrong, asked.right)) })
end
told.mended = vim.wait(asked.patience, function() return #vim.diagnostic.get(buffer) == 0 end, 20)
finish()
