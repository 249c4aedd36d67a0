// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <catch2/catch.hpp>

#include <filesystem>
#include <optional>
#include <string>

namespace guide::test {

/// The folder of real frames beside the project, none on a machine that lacks it.
[[nodiscard]] std::optional<std::filesystem::path> shared_data();

/// samples/data: frames made by this project.
[[nodiscard]] std::filesystem::path samples();

/// tests/baselines: pictures that render tests compare with.
[[nodiscard]] std::filesystem::path baselines();

/// A fresh empty folder that goes when the object goes.
class TemporaryFolder {
  public:
    TemporaryFolder();
    ~TemporaryFolder();
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;

    [[nodiscard]] const std::filesystem::path& path() const { return path_; }

  private:
    std::filesystem::path path_;
};

}  // namespace guide::test

/// First line of a test that reads real frames: leaves the test where there are none, with the
/// words "skipped: no" by which ctest counts it as skipped (cmake/GuideTest.cmake).
#define GUIDE_REQUIRE_SHARED_DATA(name)                               \
    const auto name##_optional = guide::test::shared_data();          \
    if (!name##_optional) {                                           \
        WARN("skipped: no folder of real frames beside the project"); \
        return;                                                       \
    }                                                                 \
    const std::filesystem::path& name = *name##_optional
