// SPDX-License-Identifier: Apache-2.0
#include <guide/core/error.hpp>
#include <guide/core/random.hpp>
#include <guide/io/frame_source.hpp>
#include <guide/simulate/projection.hpp>

#include <catch2/catch.hpp>
#include <guide_test/data.hpp>

#include <algorithm>
#include <cstring>

using namespace guide;
using Eigen::Vector3d;
using simulate::ProjectionGeometry;
using simulate::Projector;
using simulate::VoxelGrid;

namespace {

VoxelGrid grid_of(int nx, int ny, int nz, const Vector3d& voxel) {
    VoxelGrid grid;
    grid.size = {nx, ny, nz};
    grid.patient_from_grid.linear() = voxel.asDiagonal();
    grid.patient_from_grid.translation() =
        -0.5 * voxel.cwiseProduct(Vector3d(nx - 1, ny - 1, nz - 1));
    return grid;
}

std::vector<float> noise(const VoxelGrid& grid) {
    Random random(3, 4);
    std::vector<float> values(grid.count());
    for (float& v : values)
        v = static_cast<float>(random.uniform());
    return values;
}

/// Siddon as written down: every plane of the grid that the ray crosses, sorted, then the voxel in
/// the middle of each stretch.
double siddon(const VoxelGrid& grid, const std::vector<float>& values, const Vector3d& from,
              const Vector3d& to) {
    const Eigen::Affine3d grid_from_patient = grid.patient_from_grid.inverse();
    const Vector3d a = grid_from_patient * from, way = grid_from_patient * to - a;
    std::vector<double> at{0, 1};
    for (int axis = 0; axis < 3; ++axis) {
        for (int plane = 0; plane <= grid.size[static_cast<std::size_t>(axis)]; ++plane) {
            const double t = (plane - 0.5 - a[axis]) / way[axis];
            if (t > 0 && t < 1) at.push_back(t);
        }
    }
    std::sort(at.begin(), at.end());
    double sum = 0;
    for (std::size_t i = 0; i + 1 < at.size(); ++i) {
        const Vector3d p = a + 0.5 * (at[i] + at[i + 1]) * way;
        long index[3];
        bool inside = true;
        for (int axis = 0; axis < 3; ++axis) {
            index[axis] = std::lround(p[axis]);
            inside = inside && index[axis] >= 0 &&
                     index[axis] < grid.size[static_cast<std::size_t>(axis)];
        }
        if (!inside) continue;
        const long flat = (index[2] * grid.size[1] + index[1]) * grid.size[0] + index[0];
        sum += (at[i + 1] - at[i]) * static_cast<double>(values[static_cast<std::size_t>(flat)]);
    }
    return sum * (to - from).norm();
}

/// A detector 400 mm behind the middle, a source 600 mm before it, turned and rolled.
ProjectionGeometry arm(double turn, double tilt, double roll, int width = 61, int height = 47) {
    const Eigen::Matrix3d m =
        (Eigen::AngleAxisd(turn, Vector3d::UnitZ()) * Eigen::AngleAxisd(tilt, Vector3d::UnitX()) *
         Eigen::AngleAxisd(roll, Vector3d::UnitY()))
            .toRotationMatrix();
    ProjectionGeometry g;
    g.width = width;
    g.height = height;
    g.source = m * Vector3d(0, -600, 0);
    g.right = m * Vector3d(0.9, 0, 0);
    g.down = m * Vector3d(0, 0, -0.9);
    g.first_pixel =
        m * Vector3d(0, 400, 0) - 0.5 * (width - 1) * g.right - 0.5 * (height - 1) * g.down;
    return g;
}

Image<float> projected(Projector& projector, const ProjectionGeometry& g,
                       const Execution& execution = {}) {
    Image<float> out(g.width, g.height);
    projector.project(g, out.view(), execution);
    return out;
}

}  // namespace

TEST_CASE("projection: equals an independent Siddon on random voxels from every side") {
    const VoxelGrid grid = grid_of(40, 33, 27, {0.7, 0.9, 1.3});
    const std::vector<float> values = noise(grid);
    Projector projector(grid, values);
    const double turn = GENERATE(0.0, 0.4, 0.785, 1.57, 2.5, 3.14, -1.2);
    const double tilt = GENERATE(0.0, 0.3, 1.2), roll = GENERATE(0.0, 0.5, 1.4);
    const ProjectionGeometry g = arm(turn, tilt, roll);
    const Image<float> out = projected(projector, g);
    double largest = 0, worst = 0;
    for (int y = 0; y < g.height; ++y) {
        for (int x = 0; x < g.width; ++x) {
            const double wanted = siddon(grid, values, g.source, g.pixel(x, y));
            largest = std::max(largest, wanted);
            worst = std::max(worst, std::abs(static_cast<double>(out.view().at(x, y)) - wanted));
        }
    }
    REQUIRE(largest > 5);
    CHECK(worst / largest < 1e-4);
}

TEST_CASE("projection: equals an independent Siddon on a real label volume") {
    GUIDE_REQUIRE_SHARED_DATA(data);
    const auto source = io::open(data / "knee-labels" / "right_knee_labels.nrrd");
    VoxelGrid grid;
    grid.size = {source->info().width, source->info().height, source->info().frame_count};
    std::vector<float> values;
    values.reserve(grid.count());
    for (int k = 0; k < grid.size[2]; ++k) {
        const Frame slice = source->read(k);
        if (k == 0) grid.patient_from_grid.matrix() = slice.image_to_reference.value();
        for (std::size_t i = 0; i < slice.intensity.size(); ++i) {
            // As attenuation, bone most; labels 5 to 8 are bones.
            const float label = slice.intensity.data()[i];
            values.push_back(label == 0 ? 0.0F : label >= 5 && label <= 8 ? 0.06F : 0.021F);
        }
    }
    Projector projector(grid, values);
    const Vector3d centre = grid.patient_from_grid * Vector3d(191.5, 191.5, 79.5);
    for (const double turn : {0.0, 1.57, 0.6}) {
        ProjectionGeometry g = arm(turn, 0.2, 0.1, 41, 41);
        g.right *= 4;
        g.down *= 4;
        g.source += centre;
        g.first_pixel = centre + (g.pixel(20, 20) - g.pixel(0, 0)) * -1 +
                        (centre - g.source).normalized() * 400;
        const Image<float> out = projected(projector, g);
        double largest = 0, worst = 0;
        for (int y = 0; y < g.height; y += 2) {
            for (int x = 0; x < g.width; x += 2) {
                const double wanted = siddon(grid, values, g.source, g.pixel(x, y));
                largest = std::max(largest, wanted);
                worst = std::max(worst, std::abs(static_cast<double>(out.at(x, y)) - wanted));
            }
        }
        CHECK(largest > 2);
        CHECK(worst / largest < 1e-4);
    }
}

TEST_CASE("projection: codes have the values that are said at each projection") {
    const VoxelGrid grid = grid_of(40, 33, 27, {0.7, 0.9, 1.3});
    Random random(5, 6);
    std::vector<std::uint8_t> codes(grid.count());
    for (auto& code : codes)
        code = static_cast<std::uint8_t>(random.next());
    Projector of_codes(grid, codes);
    for (const double turn : {0.2, 1.4}) {
        for (const float scale : {1.0F, 0.01F}) {
            simulate::CodeValues table{};
            for (std::size_t i = 0; i < table.size(); ++i)
                table[i] = scale * static_cast<float>(i * i % 97);
            std::vector<float> values;
            for (const auto code : codes)
                values.push_back(table[code]);
            Projector of_values(grid, values);
            const ProjectionGeometry g = arm(turn, 0.1, 0.1);
            Image<float> one(g.width, g.height), other(g.width, g.height);
            of_codes.project(g, table, one.view());
            of_values.project(g, other.view());
            CHECK(std::memcmp(one.data(), other.data(), one.size() * sizeof(float)) == 0);
        }
    }
    Image<float> out(61, 47);
    CHECK_THROWS_WITH(of_codes.project(arm(0, 0, 0), out.view()), Catch::Contains("codes"));
    simulate::CodeValues bad{};
    bad[3] = std::nanf("");
    CHECK_THROWS_WITH(of_codes.project(arm(0, 0, 0), bad, out.view()), Catch::Contains("finite"));
    CHECK_THROWS_WITH(Projector(grid, std::vector<std::uint8_t>(3)), Catch::Contains("one number"));
}

TEST_CASE("projection: a box has the length that rays take through it") {
    const VoxelGrid grid = grid_of(20, 30, 40, {1, 1, 1});
    Projector projector(grid, std::vector<float>(grid.count(), 1.0F));
    const ProjectionGeometry g = arm(0, 0, 0);
    const Image<float> out = projected(projector, g);
    const double middle = static_cast<double>(out.view().at(30, 23));
    CHECK(middle == Approx(30).epsilon(1e-6));
    CHECK(out.view().at(0, 23) == 0);  // passes beside
}

TEST_CASE("projection: the ray ends at source and pixel") {
    const VoxelGrid grid = grid_of(30, 30, 30, {1, 1, 1});
    Projector projector(grid, std::vector<float>(grid.count(), 1.0F));
    ProjectionGeometry g = arm(0, 0, 0);
    g.source = {0, 0, 0};
    CHECK(static_cast<double>(projected(projector, g).view().at(30, 23)) ==
          Approx(15).margin(1e-4));
    g.source = {0, -600, 0};
    g.first_pixel.y() = -5;
    CHECK(static_cast<double>(projected(projector, g).view().at(30, 23)) ==
          Approx(10).margin(1e-3));
}

TEST_CASE("projection: any number of threads gives the same bits") {
    const VoxelGrid grid = grid_of(40, 33, 27, {0.7, 0.9, 1.3});
    Projector projector(grid, noise(grid));
    const ProjectionGeometry g = arm(0.3, 0.2, 0.1);
    const Image<float> one = projected(projector, g);
    for (const int threads : {2, 5}) {
        const Image<float> more = projected(projector, g, {threads});
        for (int y = 0; y < g.height; ++y)
            REQUIRE(std::memcmp(one.view().row(y), more.view().row(y), sizeof(float) * 61) == 0);
    }
}

TEST_CASE("projection: what cannot be is named") {
    const VoxelGrid grid = grid_of(4, 4, 4, {1, 1, 1});
    CHECK_THROWS_WITH(Projector(grid, std::vector<float>(63)), Catch::Contains("one number"));
    CHECK_THROWS_WITH(Projector(grid, std::vector<float>(64, std::nanf(""))),
                      Catch::Contains("finite"));
    Projector projector(grid, std::vector<float>(64, 1.0F));
    ProjectionGeometry g = arm(0, 0, 0);
    Image<float> small(5, 5);
    CHECK_THROWS_WITH(projector.project(g, small.view()), Catch::Contains("size"));
    g.source = g.first_pixel;
    CHECK_THROWS_WITH(projected(projector, g), Catch::Contains("source"));
    g = arm(0, 0, 0);
    g.down = g.right;
    CHECK_THROWS_WITH(projected(projector, g), Catch::Contains("down"));
}
