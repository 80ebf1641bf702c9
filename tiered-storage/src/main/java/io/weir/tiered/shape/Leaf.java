package io.weir.tiered.shape;

/// A column that has values: the lowest level of a topic's columns.
///
/// @param index among all leaves, depth first
/// @param repetition level of its innermost list, 0 outside of lists
/// @param definition level at which it has a value
public record Leaf(int index, int fieldId, ColumnType type, int repetition, int definition) {}
