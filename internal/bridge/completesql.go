// SPDX-FileCopyrightText: The livy-kernel authors
// SPDX-License-Identifier: Apache-2.0

package bridge

import (
	"context"
	"slices"
	"strings"

	"github.com/livy-kernel/livy-kernel/internal/complete"
	"github.com/livy-kernel/livy-kernel/kernel"
)

// maxTables is of how many tables the columns are asked for one completion.
const maxTables = 3

// completeSQL completes the name of a table where one is wanted, else of a
// column, a function or a keyword.
func (b *Bridge) completeSQL(ctx context.Context, code string, cursor int) kernel.Completion {
	p := complete.SQLPlaceIn(code, cursor)
	out := kernel.Completion{Start: p.Start, End: p.End, Matches: b.cells.SQL(p)}
	if p.Nowhere || p.Prefix == "" && !p.WantsTable && p.Qualifier == nil {
		return out
	}
	var names []string
	switch {
	case p.WantsTable:
		names = b.tables(ctx, p.Qualifier)
	case p.Qualifier != nil:
		for _, table := range named(p.Tables, p.Qualifier) {
			names = append(names, b.columns(ctx, table)...)
		}
	default:
		for _, table := range p.Tables[:min(len(p.Tables), maxTables)] {
			names = append(names, b.columns(ctx, table.Name)...)
		}
	}
	out.Matches = distinct(append(complete.MatchingSQL(names, p.Prefix), out.Matches...))
	return out
}

// named returns the table that a statement calls by that qualifier.
func named(tables []complete.Table, qualifier []string) [][]string {
	for _, table := range tables {
		called := []string{table.Alias}
		if table.Alias == "" {
			called = table.Name[max(0, len(table.Name)-len(qualifier)):]
		}
		if strings.EqualFold(strings.Join(called, "."), strings.Join(qualifier, ".")) {
			return [][]string{table.Name}
		}
	}
	return nil
}

// tables returns the tables and views of a database, by default the current one.
func (b *Bridge) tables(ctx context.Context, database []string) []string {
	query := "SHOW TABLES"
	if database != nil {
		query += " IN " + complete.QuoteSQL(database)
	}
	var names []string
	for _, row := range b.sqlRows(ctx, query, 2) { // namespace, tableName, isTemporary
		names = append(names, row[1])
	}
	return names
}

// columns returns the columns of a table.
func (b *Bridge) columns(ctx context.Context, table []string) []string {
	var names []string
	for _, row := range b.describe(ctx, table, "") {
		names = append(names, row[0])
	}
	return names
}

// describe returns name, type and comment of each column of a table. With
// "EXTENDED " the table's own properties follow.
func (b *Bridge) describe(ctx context.Context, table []string, extended string) [][]string {
	rows := b.sqlRows(ctx, "DESCRIBE TABLE "+extended+complete.QuoteSQL(table), 3)
	if extended != "" {
		return rows
	}
	// Those of partitioned tables say more behind a blank one.
	if end := slices.IndexFunc(rows, func(row []string) bool { return row[0] == "" || strings.HasPrefix(row[0], "# ") }); end >= 0 {
		rows = rows[:end]
	}
	return rows
}
