// SPDX-License-Identifier: Apache-2.0
#include "small_network.hpp"

#include <cstdint>
#include <cstdio>
#include <cstring>
#include <initializer_list>
#include <vector>

namespace guide::test {
namespace {

// Protocol buffers: fields of whole numbers (wire type 0) and of bytes (2).

std::string whole(std::uint64_t value) {
    std::string bytes;
    for (; value >= 128; value /= 128)
        bytes += static_cast<char>(value % 128 + 128);
    return bytes += static_cast<char>(value);
}

std::string number(unsigned field, std::uint64_t value) {
    return whole(field * 8) + whole(value);
}

std::string bytes(unsigned field, std::string_view content) {
    return whole(field * 8 + 2) + whole(content.size()) + std::string(content);
}

std::string tensor(std::string_view name, std::initializer_list<int> shape,
                   const std::vector<float>& values) {
    std::string message;
    for (const int n : shape)
        message += number(1, static_cast<std::uint64_t>(n));
    std::string raw(values.size() * sizeof(float), '\0');
    std::memcpy(raw.data(), values.data(), raw.size());
    return message + number(2, 1) + bytes(8, name) + bytes(9, raw);
}

/// Of single precision; a size of 0 is left open.
std::string value_info(std::string_view name, std::initializer_list<int> shape) {
    std::string sizes;
    for (const int n : shape)
        sizes += bytes(1, n > 0 ? number(1, static_cast<std::uint64_t>(n)) : bytes(2, "open"));
    return bytes(1, name) + bytes(2, bytes(1, number(1, 1) + bytes(2, sizes)));
}

}  // namespace

std::string small_network(float echo, float constant, int planes, int classes) {
    std::vector<float> weights(static_cast<std::size_t>(planes * classes), 0.0F);
    std::vector<float> constants(static_cast<std::size_t>(classes), 0.0F);
    const std::size_t space = classes > 1 ? 1 : 0;
    weights[space * static_cast<std::size_t>(planes)] = echo;
    constants[space] = constant;
    const std::string node =
        bytes(1, "picture") + bytes(1, "weights") + bytes(1, "constants") + bytes(2, "classes") +
        bytes(3, "all") + bytes(4, "Conv") +
        bytes(5, bytes(1, "kernel_shape") + number(8, 1) + number(8, 1) + number(20, 7));
    const std::string graph = bytes(1, node) + bytes(2, "small") +
                              bytes(5, tensor("weights", {classes, planes, 1, 1}, weights)) +
                              bytes(5, tensor("constants", {classes}, constants)) +
                              bytes(11, value_info("picture", {1, planes, 0, 0})) +
                              bytes(12, value_info("classes", {1, classes, 0, 0}));
    return number(1, 6) + bytes(7, graph) + bytes(8, bytes(1, "") + number(2, 11));
}

std::string sealed(std::string onnx, std::string_view version, std::string_view kind) {
    const std::string mark = std::string(kind) + "/" + std::string(version) + " ";
    std::string field = bytes(14, bytes(1, "made_for") + bytes(2, mark + std::string(16, '0')));
    onnx += field.substr(0, field.size() - mark.size() - 16);
    std::uint64_t hash = 0xcbf29ce484222325U;
    for (const char c : onnx)
        hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
    char digits[17];
    std::snprintf(digits, sizeof digits, "%016llx", static_cast<unsigned long long>(hash));
    return onnx + mark + digits;
}

}  // namespace guide::test
